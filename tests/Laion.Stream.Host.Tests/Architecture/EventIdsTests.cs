using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace LaionStream.Host.Tests.Architecture;

/// <summary>Every log message of the compiled assemblies has its own event id, in the block that <c>docs/architecture.md</c> gives its module.</summary>
public sealed partial class EventIdsTests
{
    private const int BlockSize = 100;
    private static readonly string[] Assemblies =
        ["Laion.Stream.Dataset", "Laion.Stream.Text", "Laion.Stream.Models", "Laion.Stream.Engine", "Laion.Stream.Demo", "Laion.Stream.Explorer", "laion-stream"];

    [Fact]
    public void EventIds_OfAllModules_AreUnique()
    {
        Message[] messages = [.. Messages()];
        string[] shared = [.. messages.GroupBy(message => message.Id).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group)}")];

        Assert.True(messages.Length > 40, $"{messages.Length} messages found");
        Assert.True(shared.Length == 0, string.Join(Environment.NewLine, shared));
    }

    /// <summary>Programs that read the log select events by name.</summary>
    [Fact]
    public void EventNames_OfAllModules_AreUnique()
    {
        string[] shared = [.. Messages().GroupBy(message => message.EventName).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group)}")];

        Assert.True(shared.Length == 0, string.Join(Environment.NewLine, shared));
    }

    [Fact]
    public void EventIds_OfAModule_AreInItsBlock()
    {
        (string Module, int First)[] blocks = [.. Blocks()];
        string[] outside = [.. Messages().Where(message => BlockOf(message, blocks) is not int first || message.Id < first || message.Id >= first + BlockSize)
            .Select(message => $"{message.Id} in {message}")];

        Assert.True(outside.Length == 0, string.Join(Environment.NewLine, outside));
    }

    [Fact]
    public void Blocks_OfTheTable_DoNotOverlapAndAreAllUsed()
    {
        (string Module, int First)[] blocks = [.. Blocks()];

        Assert.All(blocks, block => Assert.Equal(0, block.First % BlockSize));
        Assert.Equal(blocks.Length, blocks.Select(block => block.First).Distinct().Count());
        Assert.Equal(blocks.Select(block => block.First).Order(), Messages().Select(message => message.Id / BlockSize * BlockSize).Distinct().Order());
    }

    // The longest module name that is a prefix of the type's namespace.
    private static int? BlockOf(Message message, IEnumerable<(string Module, int First)> blocks) => blocks
        .Where(block => message.Namespace == block.Module || message.Namespace.StartsWith(block.Module + ".", StringComparison.Ordinal))
        .OrderByDescending(block => block.Module.Length)
        .Select(block => (int?)block.First)
        .FirstOrDefault();

    private static IEnumerable<Message> Messages() =>
        from name in Assemblies
        from type in Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll")).GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
        where attribute is not null
        select new Message(attribute.EventId, attribute.EventName ?? method.Name, type.Namespace!, $"{type.FullName}.{method.Name}");

    private static IEnumerable<(string Module, int First)> Blocks([CallerFilePath] string thisFile = "") =>
        File.ReadLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "architecture.md")))
            .Select(line => TableRow().Match(line))
            .Where(match => match.Success)
            .Select(match => ("LaionStream." + match.Groups[1].Value.Replace('/', '.'), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"^\| `([\w/]+)` \| (\d+) \|$")]
    private static partial Regex TableRow();

    private sealed record Message(int Id, string EventName, string Namespace, string Name)
    {
        public override string ToString() => Name;
    }
}
