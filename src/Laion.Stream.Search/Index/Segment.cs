using LaionStream.Search.Native;

namespace LaionStream.Search.Index;

/// <summary>An opened segment.</summary>
/// <param name="Entry">Its line of the manifest.</param>
/// <param name="Graph">Its neighbours, mapped.</param>
/// <param name="Keys">Its rows.</param>
internal sealed record Segment(SegmentEntry Entry, Graph Graph, KeyMap Keys)
{
    /// <summary>Opens a segment's file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">Its line of the manifest.</param>
    /// <param name="keys">Its rows.</param>
    /// <param name="threads">The most threads that search it at the same time.</param>
    /// <exception cref="InvalidDataException">It is cut, damaged or another file; the message says so and what to do.</exception>
    /// <exception cref="FileNotFoundException">It is not there: replaced meanwhile, or deleted.</exception>
    public static Segment Open(string path, SegmentEntry entry, KeyMap keys, int threads)
    {
        try
        {
            Check(path, entry);
            return new Segment(entry, Graph.View(path, threads), keys);
        }
        catch (Exception e) when (e is InvalidDataException or GraphException)
        {
            throw new InvalidDataException($"'{path}' {(e is GraphException ? "cannot be opened: " : "")}{e.Message}. 'laion-stream index' builds it again.", e);
        }
    }

    /// <summary>Compares a file with its entry, but for the digest.</summary>
    /// <exception cref="InvalidDataException">It is another file, cut or damaged.</exception>
    public static void Check(string path, SegmentEntry entry)
    {
        long bytes = new FileInfo(path).Length;
        if (bytes != entry.Bytes) { throw new InvalidDataException($"has {bytes} bytes instead of {entry.Bytes}"); }

        (long vectors, int dimensions) = GraphFile.Check(path, entry.Rows);
        if ((vectors, dimensions) != (entry.Vectors, entry.Dimensions))
        {
            throw new InvalidDataException($"has {vectors} vectors of {dimensions} numbers instead of {entry.Vectors} of {entry.Dimensions}");
        }
    }
}
