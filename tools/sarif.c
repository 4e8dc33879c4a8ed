/* SPDX-License-Identifier: Apache-2.0 */
#include "sarif.h"

#include <string.h>

#include "memory.h"
#include "message.h"
#include "output.h"

enum exit_status
sarif_begin(void)
{
    static const char head[] = "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":";
    static const char results[] = ",\"columnKind\":\"unicodeCodePoints\",\"results\":[";
    AUTO(handed_text) *tool = NULL;
    struct tscope_error err = {0};
    size_t tool_len = 0;

    if (tscope_sarif_tool(&tool, &tool_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    output_write(head, strlen(head));
    output_write(tool, tool_len);
    output_write(results, strlen(results));
    return EXIT_STATUS_OK;
}

enum exit_status
sarif_report(struct sarif *sarif, const tscope_report *report, const char *name, uint64_t line)
{
    AUTO(handed_text) *results = NULL;
    struct tscope_error err = {0};
    size_t results_len = 0;

    if (tscope_report_sarif(report, line, &results, &results_len, &err) != TSCOPE_OK)
        return message_error(name, &err);
    if (results_len <= strlen("[]"))
        return EXIT_STATUS_OK;
    output_write(sarif->has_results ? ",\n" : "\n", sarif->has_results ? 2 : 1);
    output_write(results + 1, results_len - strlen("[]"));
    sarif->has_results = true;
    return EXIT_STATUS_OK;
}

void
sarif_end(void)
{
    output_write("]}]}\n", strlen("]}]}\n"));
}
