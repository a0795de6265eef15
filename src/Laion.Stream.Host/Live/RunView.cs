using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Live;

/// <summary>The view of a run: how far, how fast, where rows wait, what limits it and what to turn. The most important lines come first. Pure.</summary>
/// <param name="columns">Cells of a line.</param>
/// <param name="isUnicode">Whether bars and arrows can be drawn as such.</param>
internal sealed class RunView(int columns, bool isUnicode)
{
    private const int BarCells = 8;
    private const int TopReasons = 6;
    private const string Gap = "   ";

    private readonly string _mark = isUnicode ? "▲" : "^";
    private readonly string _arrow = isUnicode ? " ─► " : " -> ";

    /// <summary>The lines.</summary>
    /// <param name="now">The run's numbers.</param>
    /// <param name="rates">Its rates; null until they can be told.</param>
    /// <param name="warnings">The last warnings and errors.</param>
    /// <param name="isStopping">Whether reading has stopped.</param>
    public IReadOnlyList<LiveLine> Lines(RunGlance now, RunRates? rates, IReadOnlyList<LiveLine> warnings, bool isStopping)
    {
        List<LiveLine> lines = [.. HowFar(now, rates)];
        if (isStopping)
        {
            lines.Add(LiveLine.Of($"stopping: {RunText.Count(now.InFlight)} rows in flight are finished and committed; a second signal aborts", LiveLine.Warning));
        }

        if (rates is not null) { lines.AddRange(HowFast(now, rates)); }
        lines.AddRange(Totals(now));
        lines.Add(new LiveLine());
        lines.AddRange(Stages(now));
        lines.AddRange(WhatLimits(now));
        lines.Add(new LiveLine());
        lines.AddRange(Sets(now));
        lines.AddRange(Drops(now));
        lines.AddRange(warnings);
        return lines;
    }

    private IEnumerable<LiveLine> HowFar(RunGlance now, RunRates? rates)
    {
        List<LiveLine> items = [LiveLine.Of(now.Verb, LiveLine.Strong)];
        if (now.Input.Share is { } share)
        {
            (string filled, string empty) = LiveBar.Of(share, Math.Clamp(columns / 4, 10, 40), isUnicode);
            items.Add(new LiveLine().Add(filled, LiveLine.Good).Add(empty, LiveLine.Quiet).Add(" ").Add(RunText.Percent(share), LiveLine.Strong));
            items.Add(Pair($"{RunText.Bytes(now.Input.Taken)} of {(now.Input.IsEstimate ? "about " : "")}{RunText.Bytes(now.Input.Total!.Value)}", "read"));
        }

        items.Add(Pair(RunText.Time(now.Elapsed), "gone"));
        if (rates?.Left is { } left) { items.Add(Pair((now.Input.IsEstimate ? "about " : "") + RunText.Time(left), "left")); }
        return Flow(items);
    }

    private IEnumerable<LiveLine> HowFast(RunGlance now, RunRates rates)
    {
        List<LiveLine> items = [Pair(RunText.Rate(rates.Links), "links/s")];
        if (rates.Pictures is { } pictures) { items.Add(Pair(RunText.Rate(pictures), "pictures/s")); }
        items.Add(Pair(RunText.Rate(rates.Kept), "kept/s"));
        items.Add(Pair(RunText.Rate(rates.Bytes / 1e6), now.Traffic is null ? "MB/s of input" : "MB/s"));
        if (now.Traffic is not null) { items.Add(Pair(rates.Success is { } success ? RunText.Percent(success) : "-", "ok")); }
        return Flow(items);
    }

    private IEnumerable<LiveLine> Totals(RunGlance now)
    {
        List<LiveLine> items =
        [
            Pair(RunText.Count(now.Links), "links"), Pair(RunText.Count(now.Kept.Values.Sum()), "kept"), Pair(RunText.Count(now.InFlight), "in flight"),
            Pair(string.Create(CultureInfo.InvariantCulture, $"{now.FilesDone}/{now.FilesKnown}"), "files"),
        ];
        if (now.Memory.Capacity > 0)
        {
            bool isHot = now.Bottleneck.StartsWith("memory", StringComparison.Ordinal);
            items.Add(LiveLine.Of($"{RunText.Bytes(now.Memory.Held)} of {RunText.Bytes(now.Memory.Capacity)}", isHot ? LiveLine.Hot : LiveLine.Strong)
                .Add(isHot ? $" memory {_mark}" : " memory", isHot ? LiveLine.Hot : LiveLine.Quiet));
        }

        return Flow(items);
    }

    /// <summary>The stages in the order of the graph: names, bars and numbers below each other, in as many rows as the width needs.</summary>
    private IEnumerable<LiveLine> Stages(RunGlance now)
    {
        List<StageCell> cells =
        [
            new("input", now.Input.Share ?? 0, string.Create(CultureInfo.InvariantCulture, $"{now.FilesDone}/{now.FilesKnown}"), now.Bottleneck == "input"),
            .. now.Stages.Select(stage => new StageCell(stage.Name, (double)stage.Held / Math.Max(1, stage.Capacity),
                $"{RunText.Short(stage.Held)}/{RunText.Short(stage.Capacity)}{(stage.Overdue > 0 ? $" {stage.Overdue} late" : "")}",
                stage.Name == now.Bottleneck)),
        ];
        for (int first = 0; first < cells.Count;)
        {
            int count = 0;
            for (int width = 0; first + count < cells.Count; count++)
            {
                width += cells[first + count].Width + (count > 0 ? _arrow.Length : 0);
                if (width > columns - 1 - _arrow.Length && count > 0) { break; }
            }

            foreach (LiveLine line in Row(cells.GetRange(first, count), isLast: first + count == cells.Count)) { yield return line; }
            first += count;
        }
    }

    private IEnumerable<LiveLine> Row(List<StageCell> cells, bool isLast)
    {
        var (names, bars, numbers) = (new LiveLine(), new LiveLine(), new LiveLine());
        int at = 0;
        foreach (StageCell cell in cells)
        {
            (string filled, string empty) = LiveBar.Of(cell.Share, BarCells, isUnicode);
            names.PadTo(at).Add(cell.Name, cell.IsHot ? LiveLine.Hot : LiveLine.Strong);
            bars.PadTo(at).Add(filled, cell.IsHot ? LiveLine.Hot : Spectre.Console.Style.Plain).Add(empty, LiveLine.Quiet);
            numbers.PadTo(at).Add(cell.Numbers, cell.IsHot ? LiveLine.Hot : LiveLine.Quiet).Add(cell.IsHot ? $" {_mark}" : "", LiveLine.Hot);
            at += cell.Width;
            if (!isLast || cell != cells[^1]) { names.PadTo(at).Add(_arrow, LiveLine.Quiet); }
            at += _arrow.Length;
        }

        return [names, bars, numbers];
    }

    private IEnumerable<LiveLine> WhatLimits(RunGlance now) => Wrap(now switch
    {
        { Bottleneck: "input", Input.Share: 1 } => $"{_mark} The inputs are read: the last rows are on their way.",
        { Advice: { } advice } => $"{_mark} {now.Bottleneck} limits the run: {advice}",
        _ => $"{_mark} {now.Bottleneck} limits the run; there is nothing to turn for it.",
    });

    private IEnumerable<LiveLine> Sets(RunGlance now) => Flow(
        [.. now.Kept.Keys.Union(now.Open.Keys).Order(StringComparer.Ordinal).Select(set =>
            new LiveLine().Add($"{set} ", LiveLine.Quiet).Add(RunText.Count(now.Kept.GetValueOrDefault(set)), LiveLine.Strong)
                .Add($" + {RunText.Count(now.Open.GetValueOrDefault(set))} open", LiveLine.Quiet))], "rows    ");

    private IEnumerable<LiveLine> Drops(RunGlance now)
    {
        long all = now.Dropped.Values.Sum();
        return all == 0 ? [] : Flow(
            [.. now.Dropped.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(TopReasons)
                .Select(pair => new LiveLine().Add($"{pair.Key.Name()} ", LiveLine.Quiet).Add(RunText.Percent((double)pair.Value / all), LiveLine.Strong))],
            "dropped ");
    }

    private static LiveLine Pair(string value, string unit) => LiveLine.Of(value, LiveLine.Strong).Add($" {unit}", LiveLine.Quiet);

    /// <summary>Items beside each other, in as many lines as they need.</summary>
    private IEnumerable<LiveLine> Flow(List<LiveLine> items, string label = "")
    {
        var line = LiveLine.Of(label, LiveLine.Quiet);
        foreach (LiveLine item in items)
        {
            bool isFirst = line.Width == label.Length;
            if (!isFirst && line.Width + Gap.Length + item.Width > columns - 1)
            {
                yield return line;
                (line, isFirst) = (new LiveLine().PadTo(label.Length), true);
            }

            line.Add(isFirst ? "" : Gap).Add(item);
        }

        if (items.Count > 0) { yield return line; }
    }

    /// <summary>A sentence, broken between words.</summary>
    private IEnumerable<LiveLine> Wrap(string sentence)
    {
        string line = "";
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > columns - 1)
            {
                yield return LiveLine.Of(line);
                line = $"  {word}";
            }
            else { line = line.Length == 0 ? word : $"{line} {word}"; }
        }

        yield return LiveLine.Of(line);
    }

    private sealed record StageCell(string Name, double Share, string Numbers, bool IsHot)
    {
        public int Width => Math.Max(BarCells, Math.Max(Name.Length, Numbers.Length + (IsHot ? 2 : 0)));
    }
}
