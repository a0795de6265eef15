using System.Buffers;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>The pass of a resize along stored rows, two at a time. Owns its <see cref="AxisPass"/>: dispose it.</summary>
internal sealed class RowNarrowing : IDisposable
{
    private readonly AxisPass _pass;
    private readonly short[]? _packed;

    /// <summary>Prepares a pass.</summary>
    /// <param name="pass">The weights. Owned.</param>
    /// <param name="vectorise">False selects the scalar code, for tests and processors without AVX2.</param>
    public RowNarrowing(AxisPass pass, bool vectorise)
    {
        _pass = pass;
        _packed = pass.Weights is { } weights && vectorise && Avx2.IsSupported ? Resampler.Pack(weights) : null;
        Columns = new Columns(pass.Start(0), pass.End(pass.Count - 1));
    }

    /// <summary>The columns that it reads.</summary>
    public Columns Columns { get; }

    /// <summary>Narrows two rows, which may be the same one; each is followed by <see cref="Picture.Slack"/> bytes, as its result is.</summary>
    public void Run(ReadOnlySpan<byte> rowA, ReadOnlySpan<byte> rowB, Span<byte> outA, Span<byte> outB)
    {
        if (_pass.Weights is not { } weights)
        {
            rowA[(Columns.First * 3)..(Columns.End * 3)].CopyTo(outA);
            rowB[(Columns.First * 3)..(Columns.End * 3)].CopyTo(outB);
        }
        else if (_packed is null)
        {
            Resampler.NarrowRow(rowA, weights, outA);
            Resampler.NarrowRow(rowB, weights, outB);
        }
        else
        {
            Resampler.NarrowRows(rowA, rowB, weights, _packed, outA, outB);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_packed is not null) { ArrayPool<short>.Shared.Return(_packed); }
        _pass.Dispose();
    }
}
