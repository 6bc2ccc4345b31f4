# Translations. `make update-po` brings po/zh_CN.po up to date with the sources.
EXTRA_DIST += po/zh_CN.po
translated_scripts = quickstart tests/support/tour
translated_files = tools/*.c src/workflow/*.c src/client/*.c src/net/*.c pkcs11/*.c
if NLS
zh_CNdir = $(localedir)/zh_CN/LC_MESSAGES
nodist_zh_CN_DATA = locale/zh_CN/LC_MESSAGES/bjca-pkcs11.mo
CLEANFILES += $(nodist_zh_CN_DATA)

locale/zh_CN/LC_MESSAGES/bjca-pkcs11.mo: po/zh_CN.po
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(MSGFMT) -c -o $@ $(srcdir)/po/zh_CN.po
endif

update-po:
	cd $(srcdir) && xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=ngettext_:1,2 \
		--package-name=bjca-pkcs11 --no-location -o po/bjca-pkcs11.pot $(translated_files) && \
	xgettext --from-code=UTF-8 -L Shell --keyword=step --keyword=note --keyword=die --join-existing \
		--no-location -o po/bjca-pkcs11.pot $(translated_scripts) && \
	msgmerge -q --no-fuzzy-matching --update --backup=none po/zh_CN.po po/bjca-pkcs11.pot && \
	rm -f po/bjca-pkcs11.pot
.PHONY: update-po
