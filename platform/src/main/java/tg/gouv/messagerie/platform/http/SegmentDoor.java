package tg.gouv.messagerie.platform.http;

/**
 * A door that divides a path into segments first and decodes each of them once then (RFC 3986 section 2.4): {@code %2F} and {@code %25}
 * in one are a slash and a percent sign of a name. Whatever is not such a door never sees a path with either, nor has to think of it.
 */
public interface SegmentDoor {}
