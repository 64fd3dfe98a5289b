#!/bin/sh
# Creates the namespace and the search attributes. Harmless when they are there already.
# Reads TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, as every Temporal tool does.
set -eu

tries=60
until temporal operator cluster health >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
        echo "Temporal at $TEMPORAL_ADDRESS does not answer" >&2
        exit 1
    fi
    sleep 1
done

# 30,000 days: closed runs stay readable for as long as any programme can last.
retention=720000h
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
fi

# One command for each: of several names with one type the command registers only the first, silently.
for attribute in LegalProcedure=Keyword Kind=Keyword Phase=Keyword Applicant=Keyword Programme=Keyword DueOn=Keyword HinderedSince=Datetime; do
    tries=60
    until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
        --name "${attribute%=*}" --type "${attribute#*=}" >/dev/null; do
        # A new namespace is known to every part of the server a little later.
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || exit 1
        sleep 1
    done
done
