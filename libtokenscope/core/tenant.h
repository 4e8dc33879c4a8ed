/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_TENANT_H
#define TSCOPE_CORE_TENANT_H

/** Microsoft's tenant of personal accounts: its sign-ins are in no organisation's log. */
#define TSCOPE_CONSUMER_TENANT "9188040d-6c67-4c5b-b112-36a304b66dad"

#endif
