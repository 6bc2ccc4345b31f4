/* SPDX-License-Identifier: Apache-2.0 */
/* The platform's tables: what leads from each version of the schema to the next. */
#ifndef BK_SERVER_SCHEMA_H
#define BK_SERVER_SCHEMA_H

#include <stddef.h>

extern const char *const bk_schema[];
extern const size_t bk_schema_count;

#endif
