namespace LaionStream.Explorer.Data;

/// <summary>A bounded number of answers, the one that was not asked for longest leaving first. Safe to use from several threads.</summary>
/// <param name="most">Most answers.</param>
internal sealed class Known<TKey, TValue>(int most) where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _places = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();
    private readonly Lock _lock = new();

    /// <summary>Finds an answer.</summary>
    public bool TryGet(TKey key, out TValue value)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? place))
            {
                value = default!;
                return false;
            }

            _order.Remove(place);
            _order.AddFirst(place);
            value = place.Value.Value;
            return true;
        }
    }

    /// <summary>Keeps an answer.</summary>
    public TValue Keep(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_places.Remove(key, out LinkedListNode<(TKey Key, TValue Value)>? before)) { _order.Remove(before); }
            _places[key] = _order.AddFirst((key, value));
            if (_order.Count > most)
            {
                _places.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }
        }

        return value;
    }
}
