using System.Runtime.InteropServices;

namespace LaionStream.Search.Native;

/// <summary><c>usearch_init_options_t</c> of version 2.26.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UsearchOptions
{
    /// <summary>1: cosine.</summary>
    public int MetricKind;

    /// <summary>A metric of the caller; null.</summary>
    public nint Metric;

    /// <summary>How vectors are stored. 4: int8.</summary>
    public int Quantization;

    /// <summary>Numbers of a vector.</summary>
    public nuint Dimensions;

    /// <summary>Neighbours of a node above the lowest level; there it has twice as many.</summary>
    public nuint Connectivity;

    /// <summary>Candidates kept while a vector is added.</summary>
    public nuint ExpansionAdd;

    /// <summary>Candidates kept while a query is answered, at least.</summary>
    public nuint ExpansionSearch;

    /// <summary>Whether a key may be used more than once; a C++ bool.</summary>
    public byte Multi;
}
