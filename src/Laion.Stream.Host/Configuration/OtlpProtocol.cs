namespace LaionStream.Host.Configuration;

/// <summary>How metrics are sent to a collector.</summary>
public enum OtlpProtocol
{
    /// <summary>Protobuf over HTTP/2.</summary>
    Grpc,

    /// <summary>Protobuf in posts of HTTP/1.1.</summary>
    Http,
}
