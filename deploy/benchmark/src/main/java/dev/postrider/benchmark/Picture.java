// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A result as an SVG that any browser shows: bars, or lines over an axis. */
sealed interface Picture {

  /** The whole file. */
  String svg();

  /** One bar a value, in order. */
  record Bars(String title, Map<String, Double> values) implements Picture {

    private static final int STEP = 34;

    @Override
    public String svg() {
      double most = values.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
      var drawn = new StringBuilder();
      int y = 60;
      for (var bar : values.entrySet()) {
        double width = most > 0 ? 440 * bar.getValue() / most : 0;
        drawn.append(
            String.format(
                Locale.ROOT,
                """
                <text x="150" y="%d" text-anchor="end">%s</text>
                <rect x="160" y="%d" width="%.1f" height="22" fill="#3247c5"/>
                <text x="%.1f" y="%d">%s</text>
                """,
                y + 16,
                bar.getKey(),
                y,
                width,
                168 + width,
                y + 16,
                Figures.text(bar.getValue())));
        y += STEP;
      }
      return SvgText.page(title, 700, y + 20, drawn.toString());
    }
  }

  /** Points of one line, in the order of x. */
  record Line(String name, List<double[]> points) {}

  /** Milliseconds over percentiles; every further nine is as wide as the one before. */
  static Lines percentiles(String title, List<Line> lines) {
    var ticks = Map.of(1.0, "p90", 2.0, "p99", 3.0, "p99.9", 4.0, "p99.99");
    return new Lines(title, "percentile", "ms", ticks, lines);
  }

  /**
   * Lines over a common pair of axes that begin at 0.
   *
   * @param ticks places on the x axis that have a name; where there are none, its end has its value
   */
  record Lines(
      String title, String xLabel, String yLabel, Map<Double, String> ticks, List<Line> lines)
      implements Picture {

    private static final List<String> COLOURS = List.of("#3247c5", "#b3261e", "#12753c", "#9a6700");

    @Override
    public String svg() {
      double xMost = most(0);
      double yMost = most(1);
      var drawn = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        var colour = COLOURS.get(i % COLOURS.size());
        var points =
            lines.get(i).points().stream()
                .map(
                    p ->
                        String.format(
                            Locale.ROOT,
                            "%.1f,%.1f",
                            70 + 580 * p[0] / xMost,
                            340 - 280 * p[1] / yMost))
                .collect(joining(" "));
        drawn.append(
            String.format(
                Locale.ROOT,
                """
                <polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>
                <text x="80" y="%d" fill="%1$s">%s</text>
                """,
                colour,
                points,
                70 + 18 * i,
                lines.get(i).name()));
      }
      drawn.append(axes(xMost, yMost));
      return SvgText.page(title, 700, 400, drawn.toString());
    }

    private double most(int axis) {
      return lines.stream()
          .flatMap(line -> line.points().stream())
          .mapToDouble(point -> point[axis])
          .filter(value -> value > 0)
          .max()
          .orElse(1);
    }

    private String axes(double xMost, double yMost) {
      var named = ticks.isEmpty() ? Map.of(xMost, Figures.text(xMost)) : ticks;
      return String.format(
              Locale.ROOT,
              """
          <path d="M70 60V340H650" fill="none" stroke="#636b78"/>
          <text x="64" y="66" text-anchor="end">%s</text>
          <text x="64" y="344" text-anchor="end">0</text>
          <text x="70" y="385">%s over %s</text>
          """,
              Figures.text(yMost),
              yLabel,
              xLabel)
          + named.entrySet().stream().map(tick -> tick(tick, xMost)).collect(joining());
    }

    private static String tick(Map.Entry<Double, String> tick, double xMost) {
      return String.format(
          Locale.ROOT,
          """
          <path d="M%1$.1f 60V345" stroke="#e3e5ea"/>
          <text x="%1$.1f" y="360" text-anchor="middle">%2$s</text>
          """,
          70 + 580 * tick.getKey() / xMost,
          tick.getValue());
    }
  }

  /** What every picture needs around it. */
  final class SvgText {

    private SvgText() {}

    static String escaped(String text) {
      return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    static String page(String title, int width, int height, String content) {
      return String.format(
          Locale.ROOT,
          """
          <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
          <rect width="100%%" height="100%%" fill="#fff"/>
          <text x="20" y="32" font-size="17">%s</text>
          %s</svg>
          """,
          width,
          height,
          escaped(title),
          content);
    }
  }
}
