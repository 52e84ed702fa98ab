#!/bin/sh
# Runs inside the throw-away machine of life.sh, as root, under its systemd.
set -u
cd /test
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
passed=0
failed=0
token=life-moesif-token-0123456789
key=lifewritekey0lifewritekey0lifeke

# holds WORDS COMMAND…: one claim.
holds() {
    words=$1
    shift
    if "$@" >/test/out 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "NOT TRUE: $words"
        tail -n 15 /test/out
        journalctl --no-pager -n 15 -o cat -u traitsync 2>/dev/null
    fi
}
not() { ! "$@"; }
# eventually COMMAND…: until it holds, a minute at most.
eventually() {
    i=0
    until "$@"; do
        i=$((i + 1))
        [ $i -lt 600 ] || return 1
        sleep 0.1
    done
}
property() { systemctl show -P "$1" traitsync; }
is() { [ "$(property "$1")" = "$2" ]; }
field() { traitsync status --json 2>/dev/null | tr -d ' \n' | grep -q "$1"; }
mode_is() { [ "$(stat -c '%a %U:%G' "$1")" = "$2" ]; }

# --- services on loopback -------------------------------------------------------------------------------
mkfifo ask
./services 19500 19501 $token 50 <ask >answers &
exec 7>ask
eventually test -s answers || echo "no services"
moesif=$(sed -n '1s/ .*//p' answers)
segment=$(sed -n '1s/.* //p' answers)
# asked WORD: the services' counts.
asked() {
    lines=$(wc -l <answers)
    echo "$1" >&7
    eventually sh -c "[ \$(wc -l <answers) -gt $lines ]"
    tail -n 1 answers
}

# --- install ----------------------------------------------------------------------------------------------
holds "the previous version installs" dpkg -i old.deb
holds "its user is there, without a shell" sh -c 'getent passwd traitsync | grep -q ":/var/lib/traitsync:.*nologin"'
holds "the configuration is the service's to read" mode_is /etc/traitsync/traitsync.toml "640 root:traitsync"
holds "credentials are root's alone" mode_is /etc/traitsync/credentials "700 root:root"
holds "it is not started unconfigured" is ActiveState inactive
holds "it is not enabled" not systemctl is-enabled traitsync
holds "the unit is without fault" systemd-analyze verify /lib/systemd/system/traitsync.service
holds "the pages are found" man -w traitsync traitsync.toml
holds "check says which file is missing" sh -c 'traitsync check 2>&1 | grep -q credentials/moesif.token'
holds "a start says so and is not tried again" sh -c '! systemctl start traitsync'
holds "for its configuration" is ExecMainStatus 2
holds "and waits for the operator" is ActiveState failed

# --- configure and start ----------------------------------------------------------------------------------
(umask 077
printf '%s\n' $token >/etc/traitsync/credentials/moesif.token
printf '%s\n' $key >/etc/traitsync/credentials/segment.write_key)
sed -i "s,^#url = \"https://api.moesif.*,url = \"$moesif\"," /etc/traitsync/traitsync.toml
sed -i "s,^#url = \"\",url = \"$segment\"," /etc/traitsync/traitsync.toml
sed -i 's,^#interval = .*,interval = "1s",' /etc/traitsync/traitsync.toml
holds "check finds nothing wrong, and says where the store will be" sh -c 'traitsync check | grep -q "will be made at the first start"'
# The first look of docs/migration.md: root's files become the service's.
holds "root tries it once" traitsync run --once
holds "which delivers" sh -c "echo '$(asked count)' | grep -q '^50 messages'"
holds "and leaves nothing of root's behind" sh -c '! find /var/lib/traitsync ! -user traitsync | grep .'
holds "it starts" systemctl enable --now traitsync
holds "and answers at once: it was ready when the start ended" traitsync status
pid=$(property MainPID)
holds "as its own user" sh -c "[ \$(stat -c %U /proc/$pid) = traitsync ]"
holds "without any right" grep -q '^CapEff:.0000000000000000$' /proc/$pid/status
holds "behind a filter for system calls" grep -q '^Seccomp:.2$' /proc/$pid/status
holds "without a secret in its environment" sh -c "! tr '\\0' '\\n' </proc/$pid/environ | grep -E '$token|$key'"
holds "it delivers" eventually field '"acknowledged_total":50,'
holds "its status line is systemd's" eventually sh -c 'systemctl show -P StatusText traitsync | grep -q "^running: 0 messages wait"'
holds "the store is its own" mode_is /var/lib/traitsync "700 traitsync:traitsync"
holds "and so are its files" mode_is /var/lib/traitsync/traitsync.db "600 traitsync:traitsync"
holds "no file is open to others" sh -c '[ -z "$(find /var/lib/traitsync -perm /077 -type f)" ]'
# Both clocks are read to the second: within the first second the start may seem to lie ahead.
holds "metrics know when it started" sh -c 'curl -s -H "Authorization: Bearer $(cat /var/lib/traitsync/admin.token)" http://127.0.0.1:8737/metrics | awk "/^process_start_time_seconds/ { d = systime() - \$2; exit !(d > -2 && d < 120) }"'

# --- a credential that is missing is no obstacle ----------------------------------------------------------
mv /etc/traitsync/credentials/segment.write_key kept
sed -i "s,^write_key_file = .*,write_key = \"$key\"," /etc/traitsync/traitsync.toml
holds "a secret may stand in the configuration instead" systemctl restart traitsync
mv kept /etc/traitsync/credentials/segment.write_key
sed -i "s,^write_key = .*,write_key_file = \"/etc/traitsync/credentials/segment.write_key\"," /etc/traitsync/traitsync.toml
printf 'life-admin-token-0123456789\n' >/etc/traitsync/credentials/admin.token
holds "with a token of the operator's" systemctl restart traitsync
holds "which opens the API" sh -c 'TRAITSYNC_ADMIN_TOKEN=life-admin-token-0123456789 traitsync status'
rm /etc/traitsync/credentials/admin.token
systemctl restart traitsync

# --- a store in another folder, as docs/install.md says ----------------------------------------------------
systemctl stop traitsync
cp -a /var/lib/traitsync /srv/traitsync
cp -a /etc/traitsync/traitsync.toml kept
sed -i 's,^#path = .*,path = "/srv/traitsync/traitsync.db",' /etc/traitsync/traitsync.toml
holds "the unit lets it write nowhere else" sh -c '! systemctl start traitsync'
systemctl stop traitsync
mkdir -p /run/systemd/system/traitsync.service.d
printf '[Service]\nReadWritePaths=/srv/traitsync\n' >/run/systemd/system/traitsync.service.d/place.conf
systemctl daemon-reload
holds "but where it is told to" systemctl start traitsync
holds "with what it had" field '"path":"/srv/traitsync/traitsync.db"'
systemctl stop traitsync
rm -r /run/systemd/system/traitsync.service.d /srv/traitsync
cp -a kept /etc/traitsync/traitsync.toml
systemctl daemon-reload
systemctl start traitsync

# --- reload, hang -----------------------------------------------------------------------------------------
pid=$(property MainPID)
if is CanReload yes; then
    holds "it reloads" systemctl reload traitsync
    holds "and is the same process" is MainPID "$pid"
    holds "still active" is ActiveState active
fi
mkdir -p /run/systemd/system/traitsync.service.d
printf '[Service]\nWatchdogSec=2s\nRestartSec=100ms\n' >/run/systemd/system/traitsync.service.d/quick.conf
systemctl daemon-reload
systemctl restart traitsync
pid=$(property MainPID)
kill -STOP "$pid"
restarted() { [ "$(property NRestarts)" -ge 1 ] && [ "$(property ActiveState)" = active ]; }
holds "a process that hangs is started anew" eventually restarted
holds "for the watchdog" sh -c 'journalctl --no-pager -o cat -u traitsync | grep -qi watchdog'
rm -r /run/systemd/system/traitsync.service.d
systemctl daemon-reload
systemctl restart traitsync
holds "and nothing was sent twice" eventually field '"acknowledged_total":50,'

# --- upgrade over a store of the previous form --------------------------------------------------------------
store=/var/lib/traitsync/traitsync.db
newer=$(($(sqlite3 previous.db 'PRAGMA user_version') + 1))
systemctl stop traitsync
mkdir kept-store
mv $store* kept-store/
install -o traitsync -g traitsync -m 600 previous.db $store
holds "the new version installs over a store of the previous form" dpkg -i new.deb
holds "and starts with it" systemctl start traitsync
holds "in the form of today" eventually field "\"schema_version\":$newer"
holds "with the people that it held" sh -c 'traitsync profiles user00000 | grep -q ^user00000'
holds "and sends nothing before the other write key was explained" eventually field '"destination_changed"'
systemctl stop traitsync
rm $store*
mv kept-store/* /var/lib/traitsync/
holds "the older version takes its place again" dpkg -i old.deb
systemctl start traitsync
holds "and has what it had" eventually field '"users":50,'

# --- restore, in the words of docs/install.md -----------------------------------------------------------------
holds "root makes a backup of the running service" traitsync backup /var/backups/traitsync-2026-11-28.db
restore=$(sed -n '/copy is put in place with$/,/^```$/p' /usr/share/doc/traitsync/docs/install.md | sed '1,/^```sh$/d; /^```$/d')
holds "the documents tell how to go back to it" sh -e -c "$restore"
holds "which it does, with what it had" eventually field '"users":50,'
holds "and keeps what was there" test -s /var/lib/traitsync/before.traitsync.db
rm /var/lib/traitsync/before.*

# --- upgrade ----------------------------------------------------------------------------------------------
before=$(asked count)
pid=$(property MainPID)
sum=$(sha256sum </etc/traitsync/traitsync.toml)
holds "the new version installs over it" dpkg -i new.deb
holds "it runs again" eventually is ActiveState active
holds "as a new process" not is MainPID "$pid"
holds "with the operator's configuration" [ "$(sha256sum </etc/traitsync/traitsync.toml)" = "$sum" ]
holds "and all data" eventually field '"users":50,'
pass_since() { traitsync runs --limit 1 | grep -q incremental; }
holds "it reads on" eventually pass_since
holds "and sends nothing that did not change" [ "$(asked count)" = "$before" ]
asked change >/dev/null
holds "but what does" eventually field '"acknowledged_total":100,'
holds "each change once, in order" sh -c "echo '$(asked count)' | grep -q '^100 messages, 0 unchanged, 0 violations'"

# --- remove, install again, purge -------------------------------------------------------------------------
holds "it is removed" dpkg -r traitsync
holds "and stopped" not pgrep -x traitsync
holds "the configuration stays" test -s /etc/traitsync/traitsync.toml
holds "the store too" test -s /var/lib/traitsync/traitsync.db
holds "installed again" dpkg -i new.deb
holds "it is still enabled" systemctl is-enabled traitsync
holds "and starts with what it had" systemctl start traitsync
holds "without sending again" eventually field '"acknowledged_total":100,'
systemctl stop traitsync
mv /etc/traitsync/traitsync.toml kept
holds "a configuration that the operator removed is no obstacle to an upgrade" dpkg -i new.deb
holds "and does not come back" not test -e /etc/traitsync/traitsync.toml
install -o traitsync -g traitsync -m 600 kept /etc/traitsync/traitsync.toml
holds "the new version installs over one that the operator gave to somebody else" dpkg -i new.deb
holds "which stays so" mode_is /etc/traitsync/traitsync.toml "600 traitsync:traitsync"
holds "a service that was stopped stays so" is ActiveState inactive
mount --bind /var/lib/traitsync /var/lib/traitsync
systemctl start traitsync
holds "it is purged, with its store on a disk of its own" dpkg -P traitsync
holds "and stopped by that" not pgrep -x traitsync
holds "of which the disk is left" mountpoint -q /var/lib/traitsync
holds "empty" sh -c '[ -z "$(ls -A /var/lib/traitsync)" ]'
umount /var/lib/traitsync
rmdir /var/lib/traitsync
find /etc /usr /var /run -xdev -path /run/systemd -prune -o -path /var/cache -prune -o \( -path "*/traitsync" -o -name "traitsync.*" \) -print >left 2>/dev/null
holds "nothing of it is left" sh -c "cat left; ! test -s left"
holds "and systemd knows it no more" sh -c '! systemctl cat traitsync'

exec 7>&-
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
