using System.Collections.Concurrent;

namespace LaionStream.Engine.Digests;

/// <summary>
/// The bodies of which the MD5 is wanted and not computed yet. Whoever needs one computes some of the others with it (<see cref="Md5Lanes"/>): where pictures
/// wait for a decoder, the processor needs half of the time for each.
/// </summary>
internal sealed class WaitingDigests
{
    /// <summary>Most that one thread computes at once: three for each lane, so that lanes of short messages are used again, in about a millisecond.</summary>
    public const int Most = 3 * Md5Lanes.Lanes;

    private readonly ConcurrentQueue<BodyDigests> _waiting = new();

    /// <summary>Those that were added and neither computed nor removed.</summary>
    internal int Count => _waiting.Count;

    /// <summary>
    /// Adds one that may be computed by any thread, and removes those before it that are done or abandoned: where no picture decodes, nobody else would. What
    /// another thread takes meanwhile may be removed in their place; its own thread computes it then.
    /// </summary>
    public void Add(BodyDigests digests)
    {
        if (!Md5Lanes.IsFaster) { return; }

        while (_waiting.TryPeek(out BodyDigests? oldest) && oldest.IsClosed) { _waiting.TryDequeue(out _); }
        _waiting.Enqueue(digests);
    }

    /// <summary>Computes one, and others with it.</summary>
    /// <param name="first">Taken by the caller.</param>
    public void ComputeWith(BodyDigests first)
    {
        List<BodyDigests> taken = [first];
        while (taken.Count < Most && _waiting.TryDequeue(out BodyDigests? next))
        {
            if (next.TryTake()) { taken.Add(next); }
        }

        int done = 0;
        try
        {
            byte[][] digests = Md5Lanes.Hash([.. taken.Select(one => one.Bytes)]);
            for (; done < digests.Length; done++) { taken[done].Finish(digests[done]); }
        }
        finally
        {
            for (; done < taken.Count; done++) { taken[done].Finish(null); } // its own thread computes it then
        }
    }
}
