namespace LaionStream.Engine.Ledger.Claims;

/// <summary>
/// A set of 64-bit hashes in memory: 256 partitions by the hash's top bits, each an open-addressed array that grows by a quarter at 85 % full.
/// A hash therefore takes 9.4 to 11.8 bytes, and growing copies only one 256th of the set at a time.
/// </summary>
/// <remarks>Thread-safe; operations contend only within one partition.</remarks>
internal sealed class HashTable
{
    private const int PartitionBits = 8;
    private readonly Partition[] _partitions = [.. Enumerable.Range(0, 1 << PartitionBits).Select(_ => new Partition())];

    /// <summary>Number of hashes.</summary>
    public long Count => _partitions.Sum(partition => (long)partition.Count);

    /// <summary>Size of the arrays, in bytes.</summary>
    public long Bytes => _partitions.Sum(partition => partition.Bytes);

    /// <summary>Adds a hash unless the table or <paramref name="elsewhere"/> contains it.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(long hash, Func<ulong, bool> elsewhere)
    {
        ulong mixed = Mix(hash);
        return _partitions[mixed >> (64 - PartitionBits)].TryAdd(mixed, elsewhere);
    }

    /// <summary>Removes every hash that <paramref name="elsewhere"/> contains.</summary>
    public void RemoveAll(Func<ulong, bool> elsewhere)
    {
        foreach (Partition partition in _partitions) { partition.RemoveAll(elsewhere); }
    }

    /// <summary>
    /// Returns once every lookup that was in progress at the call has ended. A lookup holds its partition's lock while it calls <c>elsewhere</c>, so acquiring
    /// each lock once is enough.
    /// </summary>
    public void AwaitLookups()
    {
        foreach (Partition partition in _partitions) { partition.AwaitLock(); }
    }

    /// <summary>Spreads a hash evenly over 64 bits, one to one. Runs and partitions rely on an even distribution, whichever hash the rules use.</summary>
    public static ulong Mix(long hash)
    {
        // The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection.
        ulong x = (ulong)hash;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    private sealed class Partition
    {
        private readonly Lock _gate = new();
        private ulong[] _slots = new ulong[16];
        private bool _hasZero; // an empty slot is 0, so the hash 0 is stored separately
        private int _count;

        public int Count
        {
            get { lock (_gate) { return _count + (_hasZero ? 1 : 0); } }
        }

        public long Bytes
        {
            get { lock (_gate) { return 8L * _slots.Length; } }
        }

        public bool TryAdd(ulong mixed, Func<ulong, bool> elsewhere)
        {
            lock (_gate)
            {
                if (mixed == 0)
                {
                    if (_hasZero || elsewhere(0)) { return false; }
                    _hasZero = true;
                    return true;
                }

                int slot = Find(_slots, mixed);
                if (_slots[slot] == mixed || elsewhere(mixed)) { return false; }

                if ((_count + 1) * 20L > _slots.Length * 17L)
                {
                    Rebuild(_slots.Length + (_slots.Length / 4), static _ => false);
                    slot = Find(_slots, mixed);
                }

                _slots[slot] = mixed;
                _count++;
                return true;
            }
        }

        public void AwaitLock()
        {
            _gate.Enter();
            _gate.Exit();
        }

        public void RemoveAll(Func<ulong, bool> elsewhere)
        {
            lock (_gate)
            {
                if (_hasZero && elsewhere(0)) { _hasZero = false; }

                int kept = _slots.Count(mixed => mixed != 0 && !elsewhere(mixed));
                Rebuild(Math.Max(16, (int)(kept * 4L / 3)), elsewhere);
            }
        }

        private void Rebuild(int size, Func<ulong, bool> elsewhere)
        {
            ulong[] slots = new ulong[size];
            int count = 0;
            foreach (ulong mixed in _slots)
            {
                if (mixed == 0 || elsewhere(mixed)) { continue; }
                slots[Find(slots, mixed)] = mixed;
                count++;
            }

            _slots = slots;
            _count = count;
        }

        private static int Find(ulong[] slots, ulong mixed)
        {
            int slot = (int)Math.BigMul(mixed << PartitionBits, (ulong)slots.Length, out _);
            while (slots[slot] != 0 && slots[slot] != mixed)
            {
                if (++slot == slots.Length) { slot = 0; }
            }

            return slot;
        }
    }
}
