package tg.gouv.messagerie.platform.dav;

import tg.gouv.messagerie.platform.xml.XmlName;

/** The namespaces of elements and properties. */
public final class DavNames {
    /** RFC 4918 section 21.1. */
    public static final String DAV = "DAV:";

    /** RFC 4791 section 6.2. */
    public static final String CALDAV = "urn:ietf:params:xml:ns:caldav";

    /** RFC 4918 section 15.9. */
    public static final XmlName RESOURCE_TYPE = dav("resourcetype");

    /** RFC 4918 section 15.2. */
    public static final XmlName DISPLAY_NAME = dav("displayname");

    private DavNames() {}

    /** A name of WebDAV itself. */
    public static XmlName dav(String local) {
        return new XmlName(DAV, local);
    }

    /** A name of CalDAV. */
    public static XmlName caldav(String local) {
        return new XmlName(CALDAV, local);
    }
}
