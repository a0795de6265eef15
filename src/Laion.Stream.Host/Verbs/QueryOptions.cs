using System.CommandLine;
using System.Globalization;
using LaionStream.Host.Configuration;
using LaionStream.Search.Sql;

namespace LaionStream.Host.Verbs;

/// <summary>Options of the verbs that run queries over rows: memory, threads, temporary folder, time.</summary>
internal sealed class QueryOptions
{
    private static readonly (string Unit, long Bytes)[] Units =
        [("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("TIB", 1L << 40), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)];

    private readonly Option<string> _memory = new("--memory-limit")
    {
        Description = "Memory of the query, at least 64MB; what does not fit is written to the temporary folder. [default: 1GiB]",
        HelpName = "SIZE",
    };

    private readonly Option<int> _threads = new("--threads") { Description = "Threads of the query, at least 2. [default: one per core]", HelpName = "N" };
    private readonly Option<string> _temp =
        new("--temp") { Description = "Parent of the temporary folder. [default: where the result is written]", HelpName = "DIR" };
    private readonly Option<TimeSpan?> _time = new("--time-limit") { Description = "Give up after this time. [default: none]", HelpName = "hh:mm:ss" };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_memory);
        command.Add(_threads);
        command.Add(_temp);
        command.Add(_time);
    }

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public SqlLimits Of(ParseResult parsed)
    {
        if (parsed.GetValue(_threads) < 0) { throw new UsageException(["--threads: a number above 0"]); }
        if (parsed.GetValue(_time) is { } time && time <= TimeSpan.Zero) { throw new UsageException(["--time-limit: a time above 0"]); }
        return new SqlLimits
        {
            MemoryBytes = parsed.GetValue(_memory) is { } memory ? Bytes(memory) : 1L << 30,
            Threads = parsed.GetValue(_threads),
            TempFolder = parsed.GetValue(_temp) is { } temp ? Path.Combine(Path.GetFullPath(temp), $".laion-query-{Guid.NewGuid():N}") : null,
            Time = parsed.GetValue(_time),
        };
    }

    /// <summary>Reads <c>2GB</c>, <c>512MiB</c>, or a number of bytes.</summary>
    private static long Bytes(string text)
    {
        const long Least = 64_000_000;
        string word = text.Trim().ToUpperInvariant();
        (string unit, long factor) = Units.FirstOrDefault(unit => word.EndsWith(unit.Unit, StringComparison.Ordinal), ("", 1));
        bool isNumber = double.TryParse(word[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        return isNumber && number * factor is >= Least and < long.MaxValue
            ? (long)(number * factor)
            : throw new UsageException([$"--memory-limit {text}: a size of at least 64MB, such as 2GB or 512MiB"]);
    }
}
