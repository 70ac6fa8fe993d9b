"""A coordinator and its runners: do they start, do they find each other, is their database there?"""
