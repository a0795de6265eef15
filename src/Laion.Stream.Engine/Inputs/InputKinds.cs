using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.Inputs.Tars;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Text.Urls;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Engine.Inputs;

/// <summary>The kinds of input that can be read, and which one a name means.</summary>
internal static class InputKinds
{
    /// <summary>The format that is determined by names and contents.</summary>
    public const string Auto = "auto";

    private static readonly string[] Packings = [".gz", ".zst"];

    /// <summary>Every kind. When several share an extension, their order matters (<see cref="InputSignature"/>).</summary>
    public static IReadOnlyList<Entry> All { get; } =
    [
        Entry.Of<WatKind, WatReader>(WatKind.Signature),
        Entry.Of<WarcKind>(WarcKind.Signature),
        Entry.Of<ListKind>(ListKind.Signature),
        Entry.Of<PicturesKind>(PicturesKind.Signature),
        Entry.Of<WebDatasetKind>(WebDatasetKind.Signature),
    ];

    /// <summary>The known extensions, for messages.</summary>
    public static string Endings { get; } = string.Join(' ', All
        .Where(kind => kind.Signature != PicturesKind.Signature) // its files are our own
        .SelectMany(kind => kind.Signature.Endings).Distinct(StringComparer.Ordinal));

    /// <summary>The names of formats, for messages.</summary>
    public static string Formats { get; } = string.Join(", ", All.Select(kind => kind.Signature.Name).Prepend(Auto));

    /// <summary>The kind with a format's name, in any case; null for <see cref="Auto"/> and unknown names.</summary>
    public static Entry? Named(string format) => All.FirstOrDefault(kind => kind.Signature.Name.Equals(format, StringComparison.OrdinalIgnoreCase));

    /// <summary>The kinds that a name may mean; none when it does not determine any.</summary>
    /// <param name="location">Path or URL.</param>
    public static IReadOnlyList<Entry> ByName(string location)
    {
        string name = NameOf(location);
        foreach (string packing in Packings)
        {
            if (name.EndsWith(packing, StringComparison.OrdinalIgnoreCase)) { name = name[..^packing.Length]; }
        }

        return [.. All.Where(kind => kind.Signature.Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>The kind of a file that starts like this; null when it is not determined.</summary>
    /// <param name="named">The kinds that its name may mean.</param>
    /// <param name="head">Its first bytes, decompressed.</param>
    public static Entry? ByContent(IReadOnlyList<Entry> named, ReadOnlySpan<byte> head)
    {
        foreach (Entry kind in named.Count > 0 ? named : All)
        {
            if (kind.Signature.Holds(head)) { return kind; }
        }

        return named.Count > 0 ? named[^1] : null;
    }

    /// <summary>Whether the file is a list of further inputs.</summary>
    public static bool IsPathList(string location) =>
        NameOf(location).EndsWith(".paths.gz", StringComparison.OrdinalIgnoreCase) || NameOf(location).EndsWith(".paths", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string location) => PublicLocation.IsRemote(location) ? location.Split('?', '#')[0] : location;

    /// <summary>A kind, before a run creates it.</summary>
    /// <param name="Signature">How its files are recognised.</param>
    /// <param name="Make">Creates it for a run.</param>
    internal sealed record Entry(InputSignature Signature, Func<IServiceProvider, IInputKind> Make)
    {
        /// <summary>The entry of a class.</summary>
        public static Entry Of<T>(InputSignature signature) where T : class, IInputKind =>
            new(signature, services => ActivatorUtilities.CreateInstance<T>(services));

        /// <summary>The entry of a class that is given its reader, which is created with it and registered nowhere.</summary>
        public static Entry Of<T, TReader>(InputSignature signature) where T : class, IInputKind where TReader : class, ICandidateReader =>
            new(signature, services => ActivatorUtilities.CreateInstance<T>(services, ActivatorUtilities.CreateInstance<TReader>(services)));
    }
}
