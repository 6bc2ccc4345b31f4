if NET
noinst_LTLIBRARIES += libnet.la
libnet_la_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(JANSSON_CFLAGS) $(CURL_CFLAGS) $(NLS_CPPFLAGS)
libnet_la_SOURCES = src/net/http.c src/net/http.h src/net/json.c src/net/json.h src/net/smtp.c src/net/smtp.h
libnet_la_LIBADD = libbase.la $(JANSSON_LIBS) $(CURL_LIBS)
endif
