using System.Numerics;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.OptOuts;

/// <summary>A set of signals.</summary>
internal readonly record struct OptOutFindings
{
    private readonly uint _bits;

    private OptOutFindings(uint bits) => _bits = bits;

    /// <summary>Whether the set is empty.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>The signal with the lowest number; <see cref="OptOutSignal.None"/> when there is none.</summary>
    public OptOutSignal First => IsEmpty ? OptOutSignal.None : (OptOutSignal)BitOperations.TrailingZeroCount(_bits);

    /// <summary>The signals, in the order of their numbers.</summary>
    public IEnumerable<OptOutSignal> All
    {
        get
        {
            for (uint left = _bits; left != 0; left &= left - 1) { yield return (OptOutSignal)BitOperations.TrailingZeroCount(left); }
        }
    }

    /// <summary>Whether the set contains a signal.</summary>
    public bool Has(OptOutSignal signal) => (_bits & (1u << (int)signal)) != 0;

    /// <summary>The set with a signal, if it objects.</summary>
    /// <param name="signal">Not <see cref="OptOutSignal.None"/>.</param>
    /// <param name="objects">Whether to add it.</param>
    public OptOutFindings With(OptOutSignal signal, bool objects = true) => objects ? new(_bits | (1u << (int)signal)) : this;

    /// <summary>The signals of either set.</summary>
    public OptOutFindings And(OptOutFindings other) => new(_bits | other._bits);

    /// <summary>The signals that both sets contain.</summary>
    public OptOutFindings In(OptOutFindings other) => new(_bits & other._bits);
}
