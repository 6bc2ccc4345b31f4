if TOOLS
noinst_LIBRARIES += libclient.a
libclient_a_CPPFLAGS = $(BK_CPPFLAGS) $(JANSSON_CFLAGS)
libclient_a_SOURCES = src/client/api.h src/client/call.c src/client/call.h src/client/order.c src/client/production.c \
	src/client/unlock.c
BK_CLIENT_LIBS = libclient.a $(BK_NET_LIBS)
endif
