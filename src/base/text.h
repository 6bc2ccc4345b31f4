/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that reach the user, in the user's language. The program binds the catalogue (tools/ui);
 * in one that binds none, and in a build without gettext, each text stands for itself.
 * tests/house/texts holds that all of them are marked and translated.
 */
#ifndef BK_BASE_TEXT_H
#define BK_BASE_TEXT_H

#ifdef HAVE_LIBINTL
#include <libintl.h>
/* lint bugprone-reserved-identifier: what gettext is called by everywhere */
#define _(text) gettext(text)
#define ngettext_(one, many, n) ngettext(one, many, n)
#else
#define _(text) (text)
#define ngettext_(one, many, n) ((n) == 1 ? (one) : (many))
#endif
/* A text that is looked up where it is used. */
#define N_(text) text

#endif
