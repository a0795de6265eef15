using System.Text;
using LaionStream.Search.Index;

namespace LaionStream.Search.Mapping;

/// <summary>
/// The rows of a map: all that have a direction, or those with the smallest of random numbers that belong to their parts and positions. Of an output that
/// grew, most of them are those of the map before.
/// </summary>
internal static class MapSample
{
    /// <summary>Draws rows.</summary>
    /// <param name="blocks">The parts, in order.</param>
    /// <param name="most">Most rows.</param>
    /// <param name="seed">The map's seed.</param>
    /// <param name="abort">Ends the work.</param>
    /// <returns>Number of the part and position of each row, in the order of the rows; and how many they were drawn from.</returns>
    public static ((int Block, int Position)[] Rows, long From) Draw(VectorBlock[] blocks, int most, long seed, CancellationToken abort)
    {
        var drawn = new PriorityQueue<(int Block, int Position), (ulong, int, int)>(Comparer<(ulong, int, int)>.Create((a, b) => b.CompareTo(a)));
        long from = 0;
        for (int block = 0; block < blocks.Length; block++)
        {
            abort.ThrowIfCancellationRequested();
            if (blocks[block].Vectors is null) { continue; }
            long part = IdentityOf(blocks[block].Part);
            var vector = new float[blocks[block].Vectors!.Shape.Width];
            for (int position = 0; position < blocks[block].Part.Rows; position++)
            {
                if (!blocks[block].Has(position)) { continue; }
                blocks[block].Vectors!.Copy(position, vector);
                if (!HasDirection(vector)) { continue; }

                from++;
                var order = (new MapRandom(seed ^ part, 6, position).Next(), block, position);
                if (drawn.Count == most && drawn.TryPeek(out _, out (ulong, int, int) last) && order.CompareTo(last) > 0) { continue; }

                drawn.Enqueue((block, position), order);
                if (drawn.Count > most) { drawn.Dequeue(); }
            }
        }

        return ([.. drawn.UnorderedItems.Select(item => item.Element).Order()], from);
    }

    /// <summary>Whether a vector points somewhere: that of a row without a caption is all zeros.</summary>
    private static bool HasDirection(float[] vector)
    {
        double sum = 0;
        foreach (float number in vector) { sum += (double)number * number; }
        return sum > 0 && double.IsFinite(sum);
    }

    // FNV-1a: the same in each process.
    private static long IdentityOf(VectorPart part)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte letter in Encoding.UTF8.GetBytes(KeyMap.IdentityOf(part))) { hash = (hash ^ letter) * 0x100000001b3; }
        return (long)hash;
    }
}
