using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LaionStream.Engine.Tests;

/// <summary>Data flows through rooms in one direction: a room names itself, rooms upstream, Flow and Dataset, never a room downstream.</summary>
public sealed partial class RoomsTests
{
    // From the source to the sinks.
    private static readonly string[] Order =
        ["Handles", "Flow", "Checkpoint", "Candidates", "Wat", "Warc", "Lists", "Shards", "Text", "Download", "Imaging", "Inference", "Filtering", "Writing"];

    // Checkpoint is for those who pump and those who write.
    private static readonly string[] MayUseCheckpoint = ["Checkpoint", "Shards", "Writing"];

    [Fact]
    public void Usings_EveryRoom_NamesOnlyRoomsUpstream()
    {
        string engine = Path.Combine(SourceRoot(), "src", "Laion.Stream.Engine");
        var wrong = new List<string>();
        foreach (string file in Directory.EnumerateFiles(engine, "*.cs", SearchOption.AllDirectories))
        {
            string room = Path.GetRelativePath(engine, file).Split(Path.DirectorySeparatorChar)[0];
            if (!Order.Contains(room)) { continue; } // the engine's own root puts the rooms together
            foreach (Match named in RoomName().Matches(File.ReadAllText(file)))
            {
                string other = named.Groups[1].Value;
                if (!Order.Contains(other) || other == room) { continue; }
                bool allowed = other == "Checkpoint" ? MayUseCheckpoint.Contains(room) : Array.IndexOf(Order, other) < Array.IndexOf(Order, room);
                if (!allowed) { wrong.Add($"{Path.GetRelativePath(engine, file)} names {other}"); }
            }
        }

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Namespaces_NeverHoldAStreamSegment()
    {
        string source = Path.Combine(SourceRoot(), "src");
        Assert.DoesNotContain(
            Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)),
            file => File.ReadAllText(file).Contains("namespace Laion.Stream", StringComparison.Ordinal));
    }

    private static string SourceRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    [GeneratedRegex(@"LaionStream\.Engine\.([A-Z]\w*)")]
    private static partial Regex RoomName();
}
