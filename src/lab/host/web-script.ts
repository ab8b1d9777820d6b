import { builtProgram, searchPath } from "../paths.ts";
import type { WebService } from "./protocol.ts";

const pidFile: Readonly<Record<WebService, string>> = {
  apache2: "/run/lab-apache2.pid",
  embedded: "/run/lab-web.pid",
};

/** The lab's own Apache: port 80, one page with the name of the host that answers, few processes. */
export function apacheConfiguration(host: string): string {
  return `ServerName ${host}
ServerRoot /etc/lab
PidFile ${pidFile.apache2}
DefaultRuntimeDir /run
Mutex file:/run default
ErrorLog /var/log/apache2-error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
User www-data
Group www-data
StartServers 1
ServerLimit 2
ThreadsPerChild 16
MaxRequestWorkers 32
MinSpareThreads 1
MaxSpareThreads 32
GracefulShutdownTimeout 2
Listen 80
DocumentRoot /run/lab-www
<Directory /run/lab-www>
  Require all granted
</Directory>
RewriteEngine On
RewriteRule ^/?$ /index.html [L]
`;
}

/** What starts each service; it comes back once the service answers or has failed. */
const starters: Readonly<Record<WebService, string>> = {
  apache2: `mkdir -p /run/lab-www && uname -n > /run/lab-www/index.html && apache2 -f /etc/lab/apache2.conf -k start`,
  embedded: `setsid "$NODE" "$SERVER" "$PIDFILE" "$HOST" </dev/null >>/var/log/web-service.log 2>&1 &`,
};

/**
 * /etc/init.d/httpd by the rules of LSB: start and stop succeed where there is nothing to do, status is 0
 * when it runs, 3 when it does not, 1 when it died and left its pid file.
 */
export function httpdScript(web: WebService, host: string): string {
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          httpd
# Required-Start:    $network
# Required-Stop:     $network
# Default-Start:
# Default-Stop:
# Short-Description: the web service of the lab (${web})
### END INIT INFO
PATH=${searchPath}
NODE=${process.execPath}
SERVER=${builtProgram("web-service-main.js")}
PIDFILE=${pidFile[web]}
HOST=${host}

running() { [ -s "$PIDFILE" ] && kill -0 "$(cat "$PIDFILE")" 2>/dev/null; }

# at most ten seconds, in steps of 20 ms
wait_until() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -le 500 ] || return 1
    sleep 0.02
  done
}
gone() { ! kill -0 "$1" 2>/dev/null; }

case "$1" in
  start)
    running && exit 0
    rm -f "$PIDFILE"
    ${starters[web]}
    wait_until running || { echo "httpd did not start" >&2; exit 1; }
    ;;
  stop)
    running || { rm -f "$PIDFILE"; exit 0; }
    pid=$(cat "$PIDFILE")
    kill -TERM "$pid"
    wait_until gone "$pid" || kill -KILL "$pid"
    rm -f "$PIDFILE"
    ;;
  restart|force-reload)
    "$0" stop && "$0" start
    ;;
  status)
    if running; then echo "httpd is running"; exit 0; fi
    if [ -e "$PIDFILE" ]; then echo "httpd is dead, its pid file is left"; exit 1; fi
    echo "httpd is stopped"
    exit 3
    ;;
  *)
    echo "Usage: $0 {start|stop|restart|force-reload|status}" >&2
    exit 2
    ;;
esac
`;
}
