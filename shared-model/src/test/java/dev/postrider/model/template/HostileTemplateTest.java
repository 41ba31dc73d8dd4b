// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates by somebody who wants out, or wants everything. */
class HostileTemplateTest {

  private static final String LOOP = "{% for i in range(1000) %}";
  private static final String END = "{% endfor %}";
  private static final String DOUBLED = "{% for i in range(1000) %}{% set x = x ~ x %}{% endfor %}";

  /** Hundreds of classes are loaded the first time. */
  @BeforeAll
  static void warmUp() {
    rendered("{{ data.l|map('tojson')|join }}");
  }

  static Stream<String> wasteful() {
    return Stream.of(
        LOOP.repeat(3) + END.repeat(3),
        LOOP.repeat(3) + "x" + END.repeat(3),
        LOOP.repeat(10) + END.repeat(10),
        "{% macro a() %}" + LOOP.repeat(3) + END.repeat(3) + "{% endmacro %}{{ a() }}",
        "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
        macros(40),
        "{% set x = 'xx' %}" + DOUBLED,
        "{% set x = [1] %}" + DOUBLED.replace("~", "+"),
        "{% set x = data.big %}" + "{% set x = x * x %}".repeat(40) + "{{ x + 1 }}",
        "{% set x = data.long %}" + "{% set x = x * x %}".repeat(40) + "{{ x + 1 }}",
        "{% set l = range(1000) %}" + "{% set l = l + l %}".repeat(3) + adding("l", 1000),
        "{% set s = range(1000)|join('x')|join('y') %}" + adding("s", 1000),
        "{% set s = range(1000)|join %}{% set l = ["
            + "s,".repeat(500)
            + "s] %}"
            + LOOP
            + "{{ l|map('upper')|map('lower')|map('e')|list|count }}"
            + END,
        "{{ 'a'|replace('a', 'aa')" + "|replace('a', 'aaaaaaaaaa')".repeat(60) + " }}",
        "{{ 1.5|round(1000000000) }}",
        "{{ '1e999999999'|round }}",
        "{{ " + "(".repeat(900) + "1" + ")".repeat(900) + " }}",
        "{{ " + "[".repeat(1000) + "]".repeat(1000) + " }}",
        "{{ " + "1+".repeat(1000) + "1 }}" + "{{ data.none.x() }}{{ data.x|round(77) }}",
        "{% if 1 %}".repeat(3000) + "{% endif %}".repeat(3000),
        "{{ '%1000000000d'|format(1) }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ [1]|batch(1000000000, 'x') }}",
        "{{ 'a'|indent(1000000000) }}",
        "{{ 'x' * 1000000000 }}",
        "{{ range(1000000000)|join }}".repeat(3000));
  }

  private static String adding(String name, int times) {
    return "{{ (" + (name + "+").repeat(times) + name + ")|count }}";
  }

  /** Each calls the one before it twice. */
  private static String macros(int count) {
    StringBuilder source = new StringBuilder("{% macro m0() %}x{% endmacro %}");
    for (int i = 1; i <= count; i++) {
      source.append(
          "{%% macro m%d() %%}{{ m%d() }}{{ m%d() }}{%% endmacro %%}".formatted(i, i - 1, i - 1));
    }
    return source + "{{ m" + count + "() }}";
  }

  @ParameterizedTest
  @MethodSource("wasteful")
  void b9EndsWhatWouldTakeForEver(String source) {
    long begun = System.nanoTime();

    Throwable failed = catchThrowable(() -> rendered(source));

    assertThat(failed).isInstanceOf(TemplateFailedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void b9MakesNoMoreThan256Kibibytes() {
    String source = "{% for i in range(1000) %}" + "ä".repeat(131) + "{% endfor %}";

    assertThat(rendered(source)).hasSize(131_000);
    assertThatThrownBy(() -> rendered(source + source)).hasMessageContaining("at most 256 KiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{a}}",
        "{% if a %}{% endif %}",
        "{#",
        "{%",
        "{{",
        "x\n",
        "{{ '",
        "{%raw%}",
        "\\"
      })
  void b9CompilesOrRefusesTheLongestInNoTime(String piece) {
    long begun = System.nanoTime();
    try {
      Template.compile(piece.repeat(Template.LONGEST / piece.length()));
    } catch (TemplateFailedException refused) {
      assertThat(refused).hasMessageStartingWith("line ");
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  /**
   * As published against this engine and its like, CVE-2025-59340 and CVE-2026-25526 among them.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass() }}",
        "{{ ''['getClass']() }}",
        "{{ ''['class'] }}{{ ''.class }}",
        "{{ ''.class.forName('java.lang.Runtime') }}",
        "{{ data.getClass() }}{{ data.class }}",
        "{{ data.entrySet() }}",
        "{{ data.put('a', 1) }}",
        "{{ data.l.add(1) }}{{ data.l.stream() }}",
        "{{ 'a'.concat('b') }}{{ 'a'.toUpperCase() }}",
        "{{ ____int3rpr3t3r____ }}",
        "{{ ____int3rpr3t3r____.getContext() }}",
        "{{ ____int3rpr3t3r____.config.objectMapper }}",
        "{% set x = ____int3rpr3t3r____ %}{{ x.context }}",
        "{{ ____int3rpr3t3r____.getConfig().getObjectMapper().readValue('{}', x) }}",
        "{{ nobody['____int3' ~ 'rpr3t3r____'] }}",
        "{{ data['____int3' ~ 'rpr3t3r____'].context }}",
        "{{ (data|map('____int3rpr3t3r____'))|list }}",
        "{{ data.l|map(attribute='class.name')|join }}",
        "{{ data|attr('class') }}",
        "{{ filter:upper }}",
        "{{ filter:upper.filter('a', 1).getClass() }}",
        "{{ data['filter:upper'].class }}",
        "{{ data['filter:upper'].getName() }}",
        "{{ data['filter:upper'].filter.class }}",
        "{{ exptest:defined.evaluate(1, 2).class }}",
        "{{ range.class }}{{ range(1).class.name }}",
        "{% for m in ''.class.methods %}{{ m }}{% endfor %}",
        "{% for x in data.l %}{{ loop.class }}{{ loop.getClass() }}{% endfor %}",
        "{% for name, x in [loop] %}{{ name }}{% endfor %}",
        "{% for class in ['a'] %}{% for classLoader, class in [class] %}{{ class }}{% endfor %}{% endfor %}",
        "{% macro data.x() %}{% endmacro %}",
        "{% macro m() %}{% endmacro %}{{ m.class }}{{ m.content }}",
        "{% macro m() %}{% endmacro %}{{ __macros__ }}{{ __macros__.m }}",
        "{{ [1, 'a']|sort }}{{ data.l|dictsort }}",
        "{{ self }}{{ request }}{{ __macros__ }}{{ context }}{{ config }}",
        "{{ {}.class.protectionDomain }}{{ [].class }}{{ (1).class }}",
        "{{ [1, 2].toArray().class }}",
        "{{ '#{1+1}' }}${1+1}#{1+1}",
      })
  void b9GivesNothingOfJava(String source) {
    String text;
    try {
      text = rendered(source);
    } catch (TemplateFailedException refused) {
      text = "";
    }

    assertThat(text).doesNotContain("java", "hubspot", "jinjava", "@", "class", "2}");
  }

  private static String rendered(String source) {
    String data = "{\"l\": [{\"a\": 1}], \"big\": 1e999, \"long\": %s}".formatted("9".repeat(999));
    return TemplateTest.rendered(source, data);
  }
}
