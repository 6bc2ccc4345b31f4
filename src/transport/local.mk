# ways to a key: bytes in, bytes out
noinst_LTLIBRARIES += libtransport.la
libtransport_la_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(PCSC_CFLAGS)
libtransport_la_SOURCES = \
	src/transport/filter.c src/transport/filter.h \
	src/transport/transport.c src/transport/transport.h
libtransport_la_LIBADD =
if VIRTUAL_KEY
libtransport_la_SOURCES += src/transport/virtual.c src/transport/virtual.h
endif
if PCSC
libtransport_la_SOURCES += src/transport/pcsc.c src/transport/pcsc.h
libtransport_la_LIBADD += $(PCSC_LIBS)
endif
