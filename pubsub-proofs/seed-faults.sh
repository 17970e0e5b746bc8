#!/usr/bin/env bash
# Shows that each proof sees what it is there to see: seeds one fault after another (faults/*.patch), in a copy of the
# classes of pubsub-core, and expects each proof that the patch names to fail. Ends non-zero if one stays green.
# A patch names its proofs, one a line: "Proof: jcstress <class>", or "Proof: junit <class>[#<method>] [<regular expression>]",
# which the message of the failure must match: what a proof fails with must be what it is there to see. "Options: <options>"
# are given to the JVM of its JUnit proofs: a fault that shows with few seeds needs more of them (-Dpubsub.test.scale=6).
# Usage, after `mvn -pl pubsub-proofs -am test-compile`: pubsub-proofs/seed-faults.sh [part of a patch's name [jcstress|junit|none]];
# "none" only sees whether the patches still fit the sources.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

core=pubsub-core/target
tests=pubsub-proofs/target/test-classes
classpath=$(cat pubsub-proofs/target/proofs.classpath) || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run="$PWD/$tests:$work/classes:$PWD/$core/classes:$PWD/$core/test-classes:$classpath"
opens="-XX:+EnableDynamicAgentLoading --add-opens java.base/java.lang=ALL-UNNAMED
  --add-opens java.base/java.util=ALL-UNNAMED --add-opens java.base/java.util.function=ALL-UNNAMED
  --add-opens java.base/jdk.internal.misc=ALL-UNNAMED --add-exports java.base/jdk.internal.util=ALL-UNNAMED"

# Runs a patch's jcstress proofs, all at once since jcstress takes seconds to get ready.
run_jcstress() { # names, with | between them
  (cd "$work" && java -cp "$run" org.openjdk.jcstress.Main -r "$work/results" -t "($1)\$" -f 1 -fsm 1 -iters 3 -time 100 -sc false \
    -af NONE -strideSize 64 -strideCount 16 -jvmArgs "-Xmx256m -XX:+UseSerialGC -Dproofs.patience.seconds=1") > "$work/jcstress" 2>&1
}

# Runs a proof; answers how it failed, or nothing.
how_red() { # kind, name, what the failure of a JUnit proof must say
  case $1 in
    jcstress)
      grep -F "$2 [" "$work/jcstress" | grep -o 'Observed forbidden state: [^(]*([^)]*)' | sort -u | head -1
      ;;
    junit)
      # without the time-outs of JUnit: a busy machine is not to pass for a fault that was seen
      # shellcheck disable=SC2086
      timeout 200 java $opens $options -Dproofs.form=seeded -Djunit.jupiter.execution.timeout.mode=disabled -cp "$run" dev.pubsub.proofs.RunProof "$2" \
        > "$work/out" 2>&1
      case $? in
        1) red=$(grep -oE '= [A-Z][A-Za-z ]+ =|^FAILED: .*' "$work/out")
          grep -m 1 -E -- "${3:-.}" <<< "$red" | cut -c1-300 | grep . || echo "(failed by another assertion: $red)" | head -1 | cut -c1-600 >&2 ;;
        124) echo '(ended after 200 s, which is not red)' >&2 ;;
      esac
      ;;
  esac
}

green=0
for patch in pubsub-proofs/faults/*"${1:-}"*.patch; do
  rm -rf "$work/src" "$work/classes"
  mkdir -p "$work/src" "$work/classes"
  file=$(sed -n 's#^+++ b/##p' "$patch")
  mkdir -p "$work/src/$(dirname "$file")"
  cp "$file" "$work/src/$file"
  (cd "$work/src" && patch -s -p1) < "$patch" || { echo "DOES NOT APPLY: $patch"; green=1; continue; }
  javac -nowarn -proc:none -parameters -d "$work/classes" -cp "$core/classes:$classpath" "$work/src/$file" 2> "$work/javac" ||
    { echo "DOES NOT COMPILE: $patch"; cat "$work/javac"; green=1; continue; }
  options=$(sed -n 's/^Options: //p' "$patch")
  proofs=$(sed -n 's/^Proof: jcstress //p' "$patch" | paste -sd '|')
  [ -z "$proofs" ] || [ "${2:-jcstress}" != jcstress ] || run_jcstress "$proofs"
  while read -r _ kind name says; do
    [ "${2:-$kind}" = "$kind" ] || continue
    how=$(how_red "$kind" "$name" "$says")
    [ -n "$how" ] || { green=1; how='GREEN: the fault was not seen'; }
    printf '%s | %s | %s\n' "$(basename "$patch" .patch)" "$name" "$how"
  done < <(grep '^Proof: ' "$patch")
done
exit $green
