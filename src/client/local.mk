if TOOLS
noinst_LTLIBRARIES += libclient.la
libclient_la_CPPFLAGS = $(BK_CPPFLAGS) $(JANSSON_CFLAGS)
libclient_la_SOURCES = src/client/api.h src/client/call.c src/client/call.h src/client/order.c src/client/production.c \
	src/client/unlock.c
libclient_la_LIBADD = libnet.la
endif
