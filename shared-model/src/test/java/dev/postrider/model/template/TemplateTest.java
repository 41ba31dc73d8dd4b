// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.wire.PlainJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates can do, as Jinja's own documentation describes it. */
class TemplateTest {

  private static final String DATA =
      """
      {"title": "Zürich \\"down\\"", "count": 3, "amount": 4.50, "id": 12345678901234567890,
       "gone": null, "yes": true, "labels": {"env": "prod", "z": 1, "a": 2},
       "hosts": [{"name": "b", "up": true}, {"name": "a", "up": false}], "mixed": [1, null, "x"]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{ data.title }} § Zürich \"down\"",
        "{{ data['title']|upper }} § ZÜRICH \"DOWN\"",
        "{{ data.title|tojson }} § \"Zürich \\\"down\\\"\"",
        "{{ data.gone|tojson }}/{{ data.nothing|tojson }} § null/null",
        "{{ data.amount }} {{ data.id }} {{ data.yes }} § 4.50 12345678901234567890 true",
        "{{ data.amount|tojson }} {{ data.id|tojson }} § 4.50 12345678901234567890",
        "{{ data.amount * 2 }} {{ data.count + 1 }} {{ data.id + 1 }} § 9.00 4 12345678901234567891",
        "{{ data.labels }} § {\"env\":\"prod\",\"z\":1,\"a\":2}",
        "{% for k, v in data.labels.items() %}{{ k }}={{ v }};{% endfor %} § env=prod;z=1;a=2;",
        "{% for k in data.labels %}{{ k }}{{ ',' if not loop.last }}{% endfor %} § env,z,a",
        "{% for x in data.mixed %}{{ x|tojson }}{{ ',' if not loop.last }}{% endfor %} § 1,null,\"x\"",
        "{{ data.hosts|map(attribute='name')|sort|join(', ') }} § a, b",
        "{{ data.hosts|selectattr('up')|map(attribute='name')|first }} § b",
        "{{ data.hosts[0].name }}{{ data.hosts[-1].name }}{{ data.hosts[7].name }} § ba",
        "{% if data.count > 2 and data.yes %}many{% elif data.yes %}few{% else %}no{% endif %} § many",
        "{% set n = data.count %}{{ n }}{{ 'x' ~ n }} § 3x3",
        "{% macro m(a, b='!') %}{{ a }}{{ b }}{% endmacro %}{{ m('hi') }}{{ m('ho', '?') }} § hi!ho?",
        "{{ data.nothing }}{{ data.nothing.more.still }}{{ nobody }}| § |",
        "{{ data.nothing|default('none') }} {{ data.gone|d('x') }} § none x",
        "{% for x in data.nothing.items() %}x{% endfor %}{{ data.nothing[0:2] }}| § |",
        "{{ 'a b&<c>'|urlencode }} {{ '<&>'|e }} § a+b%26%3Cc%3E &lt;&amp;&gt;",
        "{{ 'a-b-c'|replace('-', '+') }} {{ 'a,b'|split(',')|last }} § a+b+c b",
        "{{ 3.14159|round(2) }} {{ '7'|int + 1 }} {{ -3|abs }} § 3.14 8 3",
        "{{ data.title is defined }} {{ data.nothing is defined }} {{ 4 is even }} § true false true",
        "{{ 'prod' in data.labels.values() }} {{ {'a': [1, none]}|tojson }} § true {\"a\":[1,null]}",
        "{{ data.labels.get('env') }} {{ data.labels.get('no', 'fallback') }} § prod fallback",
        "{% raw %}{{ data }}{% endraw %}{# nothing #} § {{ data }}",
        "{% raw %}{{ 1 + }}{% macro %}{% endraw %} § {{ 1 + }}{% macro %}",
        "{{ range(3)|join }} § 012",
        "{{ data.labels|dictsort|tojson }} § [[\"a\",2],[\"env\",\"prod\"],[\"z\",1]]",
        "{% for x in data.labels.items() %}{{ x[0] }}{{ x[1] }}{% endfor %} § envprodz1a2",
        "{% for i in range(4) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %} § 01",
        "{% set x %}a{{ 1 }}{% endset %}{{ x|upper }}{{- ' b ' -}} c § A1 b c",
        "{{ 'a\\nb'|length }}{{ 'a\\nb'|tojson }} § 3\"a\\nb\"",
      })
  void b9RendersWhatJinjaWould(String source, String text) {
    assertThat(rendered(source)).isEqualTo(text);
  }

  @Test
  void b9RendersDataThatLooksLikeATemplateAsItIs() {
    String data = "{\"title\": \"{{ data.secret }}{% for x in range(9) %}\", \"secret\": 1}";

    assertThat(rendered("{{ data.title }}", data))
        .isEqualTo("{{ data.secret }}{% for x in range(9) %}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{ data.title § line 1: Unclosed token",
        "one\\n{% if x %} § line 2: Missing end tag",
        "one\\ntwo {{ 1 + }} § line 2: '1 +' is no expression",
        "{% for x of y %}{% endfor %} § line 1: a loop is written like",
        "{% for h in data.hosts if h.up %}{% endfor %} § line 1: a loop has no condition",
        "{% for x in y %}{% else %}{% endfor %} § line 1: a loop has no else",
        "{{ x|groupby('a') }} § line 1: there is no filter groupby",
        "{% if x %}{{ x|nosuch }}{% endif %} § line 1: there is no filter nosuch",
        "{{ x|pprint }} § line 1: there is no filter pprint",
        "{{ x|tojson|render }} § line 1: there is no filter render",
        "{{ x is nosuch }} § line 1: there is no test nosuch",
        "{{ nosuch(1) }} § line 1: there is no function nosuch",
        "{{ type(1) }} § line 1: there is no function type",
        "{% include 'x' %} § line 1: there is no tag include",
        "{% import 'x' as y %} § line 1: there is no tag import",
        "{% from 'x' import y %} § line 1: there is no tag from",
        "{% extends 'x' %} § line 1: there is no tag extends",
        "{% block x %}{% endblock %} § line 1: there is no tag block",
        "{% do x.append(1) %} § line 1: there is no tag do",
        "{% nosuch %} § line 1: Unknown tag: nosuch",
        "{% endif %} § line 1: Missing start tag",
        "{{ }} § line 1: an expression is missing",
      })
  void b9RefusesWhatIsNoTemplate(String source, String message) {
    assertThatThrownBy(() -> Template.compile(source.replace("\\n", "\n")))
        .isInstanceOf(TemplateFailedException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ 'x'|round }}", "{{ data.title|round(99) }}", "{{ 1 - 'x' }}"})
  void b9FailsWhereAFilterCannotWork(String source) {
    assertThatThrownBy(() -> rendered(source))
        .isInstanceOf(TemplateFailedException.class)
        .hasMessageStartingWith("line 1: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{ [1, 'a']|sort }} § line 1: it cannot work with values of such kinds",
        "{% set x = 'xx' %}{% for i in range(99) %}{% set x = x ~ x %}{% endfor %} § line 1: a template makes at most 256 KiB",
        "{% set x = [1] %}{% for i in range(99) %}{% set x = x + x %}{% endfor %} § line 1: a list or map has at most 10000 elements",
      })
  void b9SaysItInWords(String source, String message) {
    assertThatThrownBy(() -> rendered(source)).hasMessage(message);
  }

  @Test
  void b9NamesTheLine() {
    assertThatThrownBy(() -> rendered("one\ntwo\n{{ 'x'|round }}"))
        .hasMessageStartingWith("line 3: ");
  }

  private static String rendered(String source) {
    return rendered(source, DATA);
  }

  static String rendered(String source, String data) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("data", PlainJson.read(data.getBytes(UTF_8)));
    return Template.compile(source).render(values);
  }
}
