using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// For each of the three vectors of 16 RGB pixels, which of 16 samples (the even ones first) goes where; 0x80 in the other components' positions.
/// </summary>
internal static class RgbOrder
{
    /// <summary>Where red samples go in a third of the pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Red(int part) => part switch
    {
        0 => Vector128.Create((byte)0, 128, 128, 8, 128, 128, 1, 128, 128, 9, 128, 128, 2, 128, 128, 10),
        1 => Vector128.Create((byte)128, 128, 3, 128, 128, 11, 128, 128, 4, 128, 128, 12, 128, 128, 5, 128),
        _ => Vector128.Create((byte)128, 13, 128, 128, 6, 128, 128, 14, 128, 128, 7, 128, 128, 15, 128, 128),
    };

    /// <summary>Where green samples go in a third of the pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Green(int part) => part switch
    {
        0 => Vector128.Create((byte)128, 0, 128, 128, 8, 128, 128, 1, 128, 128, 9, 128, 128, 2, 128, 128),
        1 => Vector128.Create((byte)10, 128, 128, 3, 128, 128, 11, 128, 128, 4, 128, 128, 12, 128, 128, 5),
        _ => Vector128.Create((byte)128, 128, 13, 128, 128, 6, 128, 128, 14, 128, 128, 7, 128, 128, 15, 128),
    };

    /// <summary>Where blue samples go in a third of the pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Blue(int part) => part switch
    {
        0 => Vector128.Create((byte)128, 128, 0, 128, 128, 8, 128, 128, 1, 128, 128, 9, 128, 128, 2, 128),
        1 => Vector128.Create((byte)128, 10, 128, 128, 3, 128, 128, 11, 128, 128, 4, 128, 128, 12, 128, 128),
        _ => Vector128.Create((byte)5, 128, 128, 13, 128, 128, 6, 128, 128, 14, 128, 128, 7, 128, 128, 15),
    };
}
