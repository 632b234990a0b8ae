package tg.gouv.messagerie.notices;

/** What other capabilities may ask of official notices; no operation exists yet. */
public interface Notices {}
