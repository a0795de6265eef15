using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>The values of a page or of a dictionary, without nulls. Its memory is used again for the next page.</summary>
internal abstract class PageValues
{
    /// <summary>Replaces the values.</summary>
    /// <param name="bytes">Begins with them.</param>
    /// <param name="encoding">How they are written.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="InvalidDataException">There are not as many, or the encoding is none for the type.</exception>
    public abstract void Read(ref PageBytes bytes, Encoding encoding, int count);

    /// <summary>A value in the type of its column's <see cref="ExtraColumnKind"/>; null where that has none for it.</summary>
    public abstract object? Box(int place);

    /// <summary>Makes an array long enough; what was in it is lost.</summary>
    protected static void Grow<T>(ref T[] array, int count) => array = array.Length >= count ? array : new T[count + (count / 8)];

    /// <summary>An encoding that a type does not have.</summary>
    protected static InvalidDataException NotSupported(Encoding encoding) => new($"Values in {encoding} are not supported.");
}
