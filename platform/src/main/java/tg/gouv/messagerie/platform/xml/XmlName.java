package tg.gouv.messagerie.platform.xml;

/**
 * The name of an element (Namespaces in XML 1.0).
 *
 * @param namespace empty if it is in none
 */
public record XmlName(String namespace, String local) {}
