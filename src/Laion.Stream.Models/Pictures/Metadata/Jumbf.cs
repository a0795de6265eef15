using System.Text;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Finds the training and data mining assertions in a C2PA store (C2PA 2.2, 11.1; ISO/IEC 19566-5): boxes of JUMBF, the store with one box per manifest, each
/// with a box of assertions. Signatures are not checked: a statement against use is heeded whoever made it.
/// </summary>
internal static class Jumbf
{
    private const int MostBoxes = 4096;
    private const int HasLabel = 2;

    /// <summary>Finds the assertions.</summary>
    /// <param name="store">The store's box with its head.</param>
    /// <returns>
    /// Those of the last manifest, which is the active one; if it has none, those of all others: of the pictures that it was made from.
    /// </returns>
    public static IReadOnlyList<TrainingAssertion> Find(ReadOnlyMemory<byte> store)
    {
        int left = MostBoxes;
        List<List<TrainingAssertion>> manifests = [];
        foreach (ReadOnlyMemory<byte> root in Children(store, ref left))
        {
            foreach (ReadOnlyMemory<byte> manifest in Children(root, ref left))
            {
                if (LabelOf(manifest).Length > 0) { manifests.Add(OfManifest(manifest, ref left)); }
            }
        }

        return manifests.Count > 0 && manifests[^1].Count > 0 ? manifests[^1] : [.. manifests.SelectMany(found => found)];
    }

    private static List<TrainingAssertion> OfManifest(ReadOnlyMemory<byte> manifest, ref int left)
    {
        var found = new List<TrainingAssertion>();
        foreach (ReadOnlyMemory<byte> part in Children(manifest, ref left))
        {
            if (LabelOf(part) != "c2pa.assertions") { continue; }
            foreach (ReadOnlyMemory<byte> assertion in Children(part, ref left))
            {
                if (TrainingAssertion.IsLabel(LabelOf(assertion))) { AddContent(assertion, found); }
            }
        }

        return found;
    }

    private static void AddContent(ReadOnlyMemory<byte> superbox, List<TrainingAssertion> found)
    {
        var reader = new BigEndianReader(superbox.Span);
        while (reader.TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content))
        {
            if (name.SequenceEqual("cbor"u8)) { found.Add(new TrainingAssertion(Cbor.Read(content))); }
            else if (name.SequenceEqual("json"u8)) { found.Add(new TrainingAssertion(BoundedJson.Read(content))); }
        }
    }

    /// <summary>The contents of the superboxes inside a box's content. A store has three levels, so deeper nesting is never followed.</summary>
    private static List<ReadOnlyMemory<byte>> Children(ReadOnlyMemory<byte> content, ref int left)
    {
        var children = new List<ReadOnlyMemory<byte>>();
        var reader = new BigEndianReader(content.Span);
        while (left > 0 && reader.TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> child))
        {
            left--;
            if (name.SequenceEqual("jumb"u8)) { children.Add(content.Slice(content.Length - reader.Left - child.Length, child.Length)); }
        }

        return children;
    }

    /// <summary>The label in the description of a superbox; empty when it has none.</summary>
    private static string LabelOf(ReadOnlyMemory<byte> superbox)
    {
        var reader = new BigEndianReader(superbox.Span);
        if (!reader.TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content) || !name.SequenceEqual("jumd"u8)) { return ""; }

        var description = new BigEndianReader(content);
        description.Take(16); // the type
        int toggles = (int)description.Number(1);
        ReadOnlySpan<byte> label = description.Text();
        return !description.IsBroken && (toggles & HasLabel) != 0 ? Encoding.UTF8.GetString(label) : "";
    }
}
