namespace LaionStream.Explorer.Data;

/// <summary>A bounded number of answers, the one that was not asked for longest leaving first. Safe to use from several threads.</summary>
/// <param name="most">Most answers, or their most weight.</param>
/// <param name="weight">Weight of an answer; null: each counts 1.</param>
internal sealed class Known<TKey, TValue>(long most, Func<TValue, long>? weight = null) where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _places = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();
    private readonly Lock _lock = new();
    private long _weight;

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
            if (_places.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? before)) { Forget(before); }
            _places[key] = _order.AddFirst((key, value));
            _weight += WeightOf(value);
            while (_weight > most) { Forget(_order.Last!); }
        }

        return value;
    }

    private void Forget(LinkedListNode<(TKey Key, TValue Value)> place)
    {
        _places.Remove(place.Value.Key);
        _order.Remove(place);
        _weight -= WeightOf(place.Value.Value);
    }

    private long WeightOf(TValue value) => weight?.Invoke(value) ?? 1;
}
