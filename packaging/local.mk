# What goes beside the programs, and Debian packages.
p11kit_DATA = packaging/bjca-pkcs11.module
CLEANFILES += packaging/bjca-pkcs11.module
# p11-kit looks for a bare name in a folder of its own: a module elsewhere is named in full
packaging/bjca-pkcs11.module: packaging/p11-kit/bjca-pkcs11.module Makefile
	$(AM_V_GEN)$(MKDIR_P) packaging
	$(AM_V_at)case "$(moduledir)" in \
	"$(P11_MODULE_PATH)") cp $(srcdir)/packaging/p11-kit/bjca-pkcs11.module $@ ;; \
	*) sed 's|^module: |&$(moduledir)/|' $(srcdir)/packaging/p11-kit/bjca-pkcs11.module >$@ ;; \
	esac
bjcaconfdir = $(sysconfdir)/bjca
dist_bjcaconf_DATA = packaging/bjca.conf
EXTRA_DIST += packaging/p11-kit/bjca-pkcs11.module packaging/install-needed packaging/deb packaging/platform.conf \
	quickstart LICENSE README.md README.zh_CN.md CONTRIBUTING.md SECURITY.md CHANGELOG.md

# not in EXTRA_DIST: there the name means make's own target check, which would run first
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check

# Debian packages, left in deb/ of the build folder.
deb: dist
	rm -rf deb && $(MKDIR_P) deb
	cd deb && tar -xf ../$(distdir).tar.xz && cp -r $(distdir)/packaging/deb $(distdir)/debian
	cd deb/$(distdir) && dpkg-buildpackage -b -us -uc
	@ls deb/*.deb
.PHONY: deb
