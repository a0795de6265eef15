using Microsoft.Win32.SafeHandles;

namespace LaionStream.Search.Native;

/// <summary>Owns a graph of USearch: it is freed when no call uses it any more.</summary>
internal sealed class GraphHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Takes what <c>usearch_init</c> returned.</summary>
    public static GraphHandle Of(nint index)
    {
        var handle = new GraphHandle();
        handle.SetHandle(index);
        return handle;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        nint error = 0;
        UsearchLibrary.Free(handle, ref error);
        return error == 0;
    }
}
