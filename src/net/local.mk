if NET
noinst_LIBRARIES += libnet.a
libnet_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(JANSSON_CFLAGS) $(CURL_CFLAGS) $(NLS_CPPFLAGS)
libnet_a_SOURCES = src/net/http.c src/net/http.h src/net/json.c src/net/json.h src/net/smtp.c src/net/smtp.h
BK_NET_LIBS = libnet.a $(BK_BASE_LIBS) $(JANSSON_LIBS) $(CURL_LIBS)
endif
