# Every main() there is.
if TOOLS
bin_PROGRAMS += bjca
bjca_CPPFLAGS = $(BK_CPPFLAGS) $(JANSSON_CFLAGS) $(QRENCODE_CFLAGS) $(P11H_CFLAGS) $(OPENSSL_CFLAGS) \
	$(NLS_CPPFLAGS)
bjca_SOURCES = tools/bjca.c tools/cmd.c tools/cmd.h tools/cmd_issue.c tools/cmd_list.c \
	tools/cmd_pin.c tools/cmd_renew.c tools/cmd_status.c tools/cmd_unlock.c tools/ui.c tools/ui.h
bjca_LDADD = libworkflow.la libcrypto_bk.la $(QRENCODE_LIBS)
endif

# --- the virtual key
if VIRTUAL_KEY
bin_PROGRAMS += bjca-vkey
bjca_vkey_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
bjca_vkey_SOURCES = tools/bjca-vkey.c
bjca_vkey_LDADD = libvkey.la libcrypto_bk.la libbase.la $(OPENSSL_LIBS)
dist_man_MANS += docs/man/bjca-vkey.1
endif
