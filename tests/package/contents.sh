#!/bin/sh
# The package as a file: Debian's own checker, what is in it, what its unit may do. Usage: contents.sh FOLDER
set -eu
export LC_ALL=C.UTF-8
folder=$(cd "${1:?usage: contents.sh FOLDER}" && pwd)
package=$(ls "$folder"/traitsync_*.deb)
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

# Every tag of weight is an error: what is meant to be so is overridden with its reason.
lintian --allow-root --fail-on error,warning "$package" || wrong "lintian has objections"

version=$(dpkg-deb -f "$package" Version)
for where in "project: $(sed -n 's/^project(traitsync VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")" \
    "CHANGELOG.md: $(sed -n 's/^## \[*\([0-9][0-9.]*\).*/\1/p' "$root/CHANGELOG.md" | head -n 1)"; do
    [ "${where#*: }" = "$version" ] || wrong "the package is $version, but ${where%%:*} says ${where#*: }"
done
[ "$(basename "$package")" = "traitsync_${version}_$(dpkg --print-architecture).deb" ] || wrong "its name is $package"
for name in $(dpkg-deb -f "$package" Depends | tr ',|' '\n\n' | sed 's/^ *//; s/ .*//'); do
    case $name in
        libc6 | libgcc-s1 | libstdc++6 | libssl3 | zlib1g | systemd | systemd-sysusers | systemd-standalone-sysusers) ;;
        *) wrong "it depends on $name" ;;
    esac
done

dpkg-deb -x "$package" "$work/tree"
cd "$work/tree"
(find . ! -type d | sed 's/^\.//' | sort) >"$work/found"
(cat <<'TXT'
/etc/traitsync/traitsync.toml
/lib/systemd/system/traitsync.service
/usr/bin/traitsync
/usr/lib/sysusers.d/traitsync.conf
/usr/share/bash-completion/completions/traitsync
/usr/share/doc/traitsync/CHANGELOG.md
/usr/share/doc/traitsync/README.md
/usr/share/doc/traitsync/SECURITY.md
/usr/share/doc/traitsync/THIRD_PARTY.md
/usr/share/doc/traitsync/changelog.gz
/usr/share/doc/traitsync/copyright
/usr/share/doc/traitsync/docs/prometheus/alerts.yml
/usr/share/doc/traitsync/docs/prometheus/dashboard.json
/usr/share/doc/traitsync/traitsync.spdx.json
/usr/share/lintian/overrides/traitsync
/usr/share/man/man1/traitsync.1.gz
/usr/share/man/man5/traitsync.toml.5.gz
/usr/share/zsh/vendor-completions/_traitsync
TXT
cd "$root" && for page in docs/*.md; do echo "/usr/share/doc/traitsync/$page"; done) | sort >"$work/wanted"
diff "$work/wanted" "$work/found" || wrong "its files are not those"
[ "$(stat -c %a etc/traitsync/credentials)" = 700 ] || wrong "the folder of the credentials is open"
[ "$(dpkg-deb -I "$package" conffiles)" = /etc/traitsync/traitsync.toml ] || wrong "the configuration is no conffile"
if dpkg-deb -c "$package" | awk '{ print $2 }' | grep -qv '^root/root$'; then wrong "a file is not root's"; fi

# The pages read without a complaint.
for page in usr/share/man/man*/*.gz; do
    complaints=$(LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
    [ -z "$complaints" ] || wrong "$page: $complaints"
done

# The packaged configuration is what init writes, but for the top and the three lines.
usr/bin/traitsync init - >"$work/init"
[ "$(diff "$work/init" etc/traitsync/traitsync.toml | grep -c '^<')" -eq 3 ] || wrong "the conffile is not what init writes"
grep -q '^token_file = "/etc/traitsync/credentials/moesif.token"$' etc/traitsync/traitsync.toml || wrong "no token_file"
grep -q '^write_key_file = "/etc/traitsync/credentials/segment.write_key"$' etc/traitsync/traitsync.toml || wrong "no key"

unit=lib/systemd/system/traitsync.service
for line in Type=notify StateDirectory=traitsync "ExecStart=/usr/bin/traitsync run -c /etc/traitsync/traitsync.toml" \
    "LoadCredential=moesif.token:/etc/traitsync/credentials/moesif.token" \
    "LoadCredential=segment.write_key:/etc/traitsync/credentials/segment.write_key" \
    "LoadCredential=admin.token:/etc/traitsync/credentials/admin.token"; do
    grep -qxF "$line" "$unit" || wrong "the unit has no $line"
done
grep -q '^WatchdogSec=' "$unit" || wrong "the unit has no watchdog"
# Exposure times ten must stay below 2.0.
systemd-analyze security --offline=yes --threshold=19 "$unit" >"$work/security" 2>&1 ||
    { cat "$work/security"; wrong "the unit is too open"; }
tail -n 1 "$work/security"
# Its binary is looked for where the unit says, so that part is checked where it is installed (life.sh).
if systemd-analyze verify --man=no "$unit" 2>&1 | grep -v 'Command /usr/bin/traitsync is not executable'; then
    wrong "systemd-analyze verify complains"
fi
# The same without a package, under any prefix: files that hold paths follow it.
cmake --install "$folder/.." --prefix "$work/prefix" >/dev/null || wrong "cmake --install fails"
(cd "$work/prefix" && find . ! -type d | sed 's/^\.//' | sort) >"$work/installed"
sed 's,^/usr/share/doc/traitsync/c[a-z.]*$,,; s,^/usr/share/lintian/.*,,; s,^/usr,,; s,\.gz$,,' "$work/found" | grep . | sort |
    diff - "$work/installed" || wrong "cmake --install installs something else"
grep -qxF "ExecStart=$work/prefix/bin/traitsync run -c $work/prefix/etc/traitsync/traitsync.toml" \
    "$work/prefix/$unit" || wrong "the unit does not follow the prefix"
[ "$failed" -eq 0 ] && echo "$package is as it should be"
exit $failed
