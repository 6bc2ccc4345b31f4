# commands and answers as bytes
noinst_LTLIBRARIES += libapdu.la
libapdu_la_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
libapdu_la_SOURCES = \
	src/apdu/apdu.c src/apdu/apdu.h \
	src/apdu/mac.c src/apdu/mac.h \
	src/apdu/sw.h
