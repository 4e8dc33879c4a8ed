/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CONFINE_H
#define TOOLS_CONFINE_H

/** @file What this program gives up before it reads anything hostile. */

/** No core dump, which would hold tokens and keys, and no debugger of the same user. */
void confine_memory(void);

/**
 * No file written, made, removed or executed and no TCP connection from here on, where the kernel has Landlock; files can
 * still be read. In one folder, and those in it, files can be made, written, cut and removed; -1 for none. Best effort: without it,
 * nothing is said and nothing is lost but a second line of defence.
 */
void confine_files(int folder);

/** The same for the program that fetches: it can connect, but write no file and start no other. */
void confine_fetcher(void);

#endif
