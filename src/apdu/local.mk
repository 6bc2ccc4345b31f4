# commands and answers as bytes
noinst_LIBRARIES += libapdu.a
libapdu_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
libapdu_a_SOURCES = \
	src/apdu/apdu.c src/apdu/apdu.h \
	src/apdu/mac.c src/apdu/mac.h \
	src/apdu/sw.h
