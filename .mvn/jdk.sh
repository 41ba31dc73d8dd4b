# Finds a JDK 25 or newer and exports it as JAVA_HOME; sourced by mvnw and the scripts in deploy/.
# Order: $POSTRIDER_JDK, $JAVA_HOME, java on the PATH, then the places where Linux, SDKMAN and macOS keep JDKs.

postrider_jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

postrider_find_jdk() {
  postrider_path_java=$(command -v java 2>/dev/null) && postrider_path_java=$(readlink -f "$postrider_path_java")
  set +f
  for postrider_jdk in "${POSTRIDER_JDK-}" "${JAVA_HOME-}" "${postrider_path_java%/bin/java}" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$postrider_jdk" ] || continue
    postrider_major=$(postrider_jdk_major "$postrider_jdk") || continue
    if [ "${postrider_major:-0}" -ge 25 ]; then
      JAVA_HOME=$postrider_jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "Postrider needs a JDK 25 or newer and found none. Install one (Debian: temurin-25-jdk) or point POSTRIDER_JDK at it." >&2
  return 1
}
