namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The state of one component in a scan.</summary>
/// <param name="component">The component.</param>
/// <param name="plane">Receives its coefficients.</param>
/// <param name="dc">Its DC codes; null when the scan has none.</param>
/// <param name="ac">Its AC codes; null when the scan has none.</param>
internal sealed class ScanPart(JpegComponent component, CoefficientPlane plane, HuffmanTable? dc, HuffmanTable? ac)
{
    /// <summary>The DC value that the next difference is added to.</summary>
    public int Prediction;

    /// <summary>The component.</summary>
    public JpegComponent Component { get; } = component;

    /// <summary>Receives its coefficients.</summary>
    public CoefficientPlane Plane { get; } = plane;

    /// <summary>Its DC codes.</summary>
    public HuffmanTable? Dc { get; } = dc;

    /// <summary>Its AC codes.</summary>
    public HuffmanTable? Ac { get; } = ac;
}
