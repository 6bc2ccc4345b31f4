# commands and answers as bytes
noinst_LTLIBRARIES += libapdu.la
libapdu_la_CPPFLAGS = $(BK_CPPFLAGS)
libapdu_la_SOURCES = \
	src/apdu/apdu.c src/apdu/apdu.h \
	src/apdu/sw.h
libapdu_la_LIBADD = libbase.la
