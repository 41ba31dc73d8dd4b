# What deploy/up and deploy/down share: the build, and the Java program that does the work.

. "$root/.mvn/jdk.sh"
postrider_find_jdk

local_target=$root/deploy/local/target
build_log=$local_target/logs/build.log
built=$local_target/built
launcher=$local_target/launcher.jar

modules="shared-model config-api delivery-worker deploy/local"

launch() {
  refresh "$(jar_of deploy/local)" "$launcher"
  renew_archives
  exec "$JAVA_HOME/bin/java" -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow \
    -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=$local_target/archives/launcher-$1.jsa" \
    -Xlog:cds=off -Xlog:aot=off -Dlogback.configurationFile=logback-launcher.xml \
    -cp "$launcher" "dev.postrider.local.$1" "$root" "${@:2}"
}

# A JVM refuses a class archive that is older than its jars, and does not replace it.
renew_archives() {
  local made=$local_target/archives/made
  if [ ! -e "$made" ] || [ -n "$(find "$launcher" "$local_target/lib" -newer "$made" -print -quit)" ]; then
    rm -rf "$local_target/archives"
    mkdir -p "$local_target/archives"
    touch "$made"
  fi
}

# The stack runs on a copy, so that a build does not change a jar under a running process.
refresh() {
  if ! cmp -s "$1" "$2"; then
    cp "$1" "$2.next" && mv "$2.next" "$2"
  fi
}

jar_of() {
  find "$root/$1/target" -maxdepth 1 -name '*.jar' ! -name '*-tests.jar' ! -name launcher.jar -print -quit 2>/dev/null
}

build_if_missing() {
  [ -n "$(jar_of deploy/local)" ] || build
}

build_if_stale() {
  local module
  for module in $modules; do
    if is_stale "$module"; then
      build
      return
    fi
  done
}

# A source newer than both the jar and the last build: Maven leaves a jar alone that would not change.
is_stale() {
  local jar
  jar=$(jar_of "$1")
  [ -n "$jar" ] || return 0
  [ -n "$(find "$root/pom.xml" "$root/$1/pom.xml" "$root/$1/src/main" -newer "$jar" \
    $([ -e "$built" ] && echo -newer "$built") -print -quit 2>/dev/null)" ]
}

build() {
  mkdir -p "$(dirname "$build_log")"
  touch "$built.next"
  echo "Building (the first time this loads libraries and takes some minutes) ..."
  if ! (cd "$root" && ./mvnw -B -DskipTests -Dspotless.check.skip package -am \
    -pl "$(echo $modules | tr ' ' ,)") 2>&1 | tee "$build_log" | show_build; then
    sed -n '/^\[ERROR\] -> /q; /^\[ERROR\]/p' "$build_log" | awk '!seen[$0]++' >&2
    echo "The build failed: the whole of it is in $build_log" >&2
    exit 1
  fi
  mv "$built.next" "$built"
}

show_build() {
  awk '
    /^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ { sub(/^\[INFO\] Building /, "  "); print; fflush() }
    /Downloaded from/ && ++loaded % 100 == 0 { print "  " loaded " files loaded"; fflush() }
  '
}
