# ways to a key: bytes in, bytes out
noinst_LIBRARIES += libtransport.a
libtransport_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(PCSC_CFLAGS)
libtransport_a_SOURCES = \
	src/transport/filter.c src/transport/filter.h \
	src/transport/transport.c src/transport/transport.h
if VIRTUAL_KEY
libtransport_a_SOURCES += src/transport/virtual.c src/transport/virtual.h
endif
if PCSC
libtransport_a_SOURCES += src/transport/pcsc.c src/transport/pcsc.h \
	src/transport/pcsc_connect.c src/transport/pcsc_connect.h \
	src/transport/pcsc_monitor.c src/transport/pcsc_rv.c src/transport/pcsc_rv.h
endif
