using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>The values of a page or of a dictionary, without nulls. Its memory is reused for the next page.</summary>
internal abstract class PageValues
{
    /// <summary>Replaces the values.</summary>
    /// <param name="bytes">Starts with them.</param>
    /// <param name="encoding">Their encoding.</param>
    /// <param name="count">Their number.</param>
    /// <exception cref="InvalidDataException">There are fewer, or the encoding is not valid for the type.</exception>
    public abstract void Read(ref PageBytes bytes, Encoding encoding, int count);

    /// <summary>A value in the type of its column's <see cref="ExtraColumnKind"/>; null when that cannot represent it.</summary>
    public abstract object? Box(int place);

    /// <summary>Makes an array long enough; its contents are lost.</summary>
    protected static void Grow<T>(ref T[] array, int count) => array = array.Length >= count ? array : new T[count + (count / 8)];

    /// <summary>The error for an encoding that a type does not have.</summary>
    protected static InvalidDataException NotSupported(Encoding encoding) => new($"Values in {encoding} are not supported.");
}
