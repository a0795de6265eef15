using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LaionStream.Search.Native;

/// <summary>The C interface of USearch, <c>c/usearch.h</c>. Only what <see cref="Graph"/> uses.</summary>
/// <remarks>The library writes an error only when a call fails: the variable is set to zero before each call.</remarks>
internal static unsafe partial class UsearchLibrary
{
    private const string Name = "libusearch_c";

    [LibraryImport(Name, EntryPoint = "usearch_init")]
    public static partial nint Init(ref UsearchOptions options, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_free")]
    public static partial void Free(nint index, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_reserve")]
    public static partial void Reserve(GraphHandle index, nuint capacity, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_change_threads_add")]
    public static partial void ChangeThreadsAdd(GraphHandle index, nuint threads, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_change_threads_search")]
    public static partial void ChangeThreadsSearch(GraphHandle index, nuint threads, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_add")]
    public static partial void Add(GraphHandle index, ulong key, sbyte* vector, int kind, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_save", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Save(GraphHandle index, string path, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_view_buffer")]
    public static partial void ViewBuffer(GraphHandle index, byte* buffer, nuint length, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_size")]
    public static partial nuint Size(GraphHandle index, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_dimensions")]
    public static partial nuint Dimensions(GraphHandle index, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_search")]
    public static partial nuint Search(GraphHandle index, sbyte* query, int kind, nuint count, ulong* keys, float* distances, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_filtered_search")]
    public static partial nuint FilteredSearch(
        GraphHandle index, sbyte* query, int kind, nuint count, delegate* unmanaged[Cdecl]<ulong, nint, int> filter, nint state, ulong* keys, float* distances, ref nint error);

    [LibraryImport(Name, EntryPoint = "usearch_version")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint Version();
}
